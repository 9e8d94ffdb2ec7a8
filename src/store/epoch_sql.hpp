// What is of the store's storage epoch. The row of the store says which that is, at the moment of
// the write: what a process read before may be of the time before a restore.
#pragma once
#include <string_view>

namespace claviger::store {

inline constexpr std::string_view kNowsEpoch = "(SELECT storage_epoch FROM store)";
inline constexpr std::string_view kOfThisEpoch =
    "storage_epoch = (SELECT storage_epoch FROM store) ";
// 1: it is of another one.
inline constexpr std::string_view kOtherEpochColumn =
    ", CASE WHEN storage_epoch = (SELECT storage_epoch FROM store) THEN 0 ELSE 1 END ";

// Of rows that the release before this one writes too: it leaves 0, and their age has to do.
inline constexpr std::string_view kMadeInThisEpoch =
    "(storage_epoch = (SELECT storage_epoch FROM store) OR (storage_epoch = 0 "
    "AND created_at >= (SELECT epoch_since FROM store))) ";
inline constexpr std::string_view kMadeInOtherEpochColumn =
    ", CASE WHEN storage_epoch = (SELECT storage_epoch FROM store) OR (storage_epoch = 0 "
    "AND created_at >= (SELECT epoch_since FROM store)) THEN 0 ELSE 1 END ";

}  // namespace claviger::store
