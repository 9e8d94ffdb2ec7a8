// Refusals of the administration operations.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason admin_unknown_operation{"admin.unknown_operation", ErrorCode::not_found,
                                                "RFC9110-15.5.5", "there is no such operation",
                                                "use one of the operations that the refusal lists"};
inline constexpr Reason admin_unknown_argument{
    "admin.unknown_argument", ErrorCode::invalid_request, "RFC9110-15.5.1",
    "the operation has no such argument", "use only the arguments that the refusal lists"};
inline constexpr Reason admin_bad_argument{
    "admin.bad_argument", ErrorCode::invalid_request, "RFC9110-15.5.1",
    "an argument is missing or of the wrong kind", "give the argument as the refusal names it"};
inline constexpr Reason admin_not_json{"admin.not_json", ErrorCode::invalid_request,
                                       "RFC9110-15.5.1", "the body is not a JSON object",
                                       "send the arguments as one JSON object"};
inline constexpr Reason admin_foreign_peer{
    "admin.foreign_peer", ErrorCode::forbidden, "RFC9110-15.5.4",
    "only the user of the server and root may use this socket",
    "run the command as the user that the server runs as"};
inline constexpr Reason admin_client_unknown{"admin.client_unknown", ErrorCode::not_found,
                                             "RFC9110-15.5.5", "there is no such client",
                                             "claviger client list shows every client"};
inline constexpr Reason admin_client_exists{
    "admin.client_exists", ErrorCode::conflict, "RFC9110-15.5.10",
    "a client with this id is registered already",
    "choose another id, or remove the client first with claviger client rm"};
inline constexpr Reason admin_client_public{"admin.client_public", ErrorCode::invalid_request,
                                            "RFC6749-2.1", "this client has no secret",
                                            "add a client with another token_endpoint_auth_method"};
inline constexpr Reason admin_user_unknown{"admin.user_unknown", ErrorCode::not_found,
                                           "RFC9110-15.5.5", "there is no such user",
                                           "claviger user list shows every user"};
inline constexpr Reason admin_user_exists{"admin.user_exists", ErrorCode::conflict,
                                          "RFC9110-15.5.10", "the user name or the email is taken",
                                          "choose another, or see claviger user list"};
inline constexpr Reason admin_alg_unknown{"admin.alg_unknown", ErrorCode::invalid_request,
                                          "RFC7518-3.1", "no key of this algorithm can be made",
                                          "use ES256, RS256, PS256 or EdDSA"};
inline constexpr Reason admin_key_unknown{
    "admin.key_unknown", ErrorCode::not_found, "RFC9110-15.5.5",
    "there is no signing key of this id, or it has ended", "claviger key list shows every key"};
inline constexpr Reason admin_key_changed{"admin.key_changed", ErrorCode::conflict,
                                          "RFC9110-15.5.10",
                                          "somebody else changed the key in the same moment",
                                          "look at claviger key list, then try again"};
inline constexpr Reason admin_hashing_busy{
    "admin.hashing_busy", ErrorCode::temporarily_unavailable, "RFC9110-15.6.4",
    "too many passwords are being hashed right now", "try again in a moment"};
inline constexpr Reason admin_not_a_token{"admin.not_a_token", ErrorCode::invalid_request,
                                          "RFC7515-3.1", "this is not a token in compact form",
                                          "give the three parts with their dots, or an id"};
inline constexpr Reason admin_token_unknown{
    "admin.token_unknown", ErrorCode::not_found, "RFC7009-2.2",
    "nothing that can be revoked is known by this",
    "give an access token, a refresh token, a jti or a grant id"};
inline constexpr Reason admin_no_refusals{
    "admin.no_refusals", ErrorCode::temporarily_unavailable, "RFC9110-15.6.4",
    "refusals are kept in the memory of a running server, and none runs",
    "search the log for the request id"};
inline constexpr Reason admin_refusal_unknown{
    "admin.refusal_unknown", ErrorCode::not_found, "RFC9110-15.5.5",
    "no refusal with this request id is remembered",
    "search the log: the server keeps the latest 4096, and none from before its start"};

inline constexpr Reason admin_registration_token_unknown{
    "admin.registration_token_unknown", ErrorCode::not_found, "RFC9110-15.5.5",
    "there is no such initial access token", "claviger registration-token list shows them"};

inline constexpr Reason admin_backup_place{"admin.backup_place", ErrorCode::conflict,
                                           "RFC9110-15.5.10", "the backup can't be made there",
                                           "name a new file in a folder that the server may write"};
inline constexpr Reason admin_backup_running{"admin.backup_running", ErrorCode::conflict,
                                             "RFC9110-15.5.10", "a backup is being made already",
                                             "wait until it is done"};
inline constexpr Reason admin_backup_none{"admin.backup_none", ErrorCode::not_found,
                                          "RFC9110-15.5.5", "no backup was begun",
                                          "begin one with claviger backup"};
inline constexpr Reason admin_backup_elsewhere{
    "admin.backup_elsewhere", ErrorCode::invalid_request, "RFC9110-15.5.1",
    "this database is backed up with its own tools", "use pg_basebackup or pg_dump"};

inline constexpr std::array kAllAdmin{
    &admin_registration_token_unknown,
    &admin_unknown_operation,
    &admin_unknown_argument,
    &admin_bad_argument,
    &admin_not_json,
    &admin_foreign_peer,
    &admin_client_unknown,
    &admin_client_exists,
    &admin_client_public,
    &admin_user_unknown,
    &admin_user_exists,
    &admin_alg_unknown,
    &admin_key_unknown,
    &admin_key_changed,
    &admin_hashing_busy,
    &admin_not_a_token,
    &admin_token_unknown,
    &admin_no_refusals,
    &admin_refusal_unknown,
    &admin_backup_place,
    &admin_backup_running,
    &admin_backup_none,
    &admin_backup_elsewhere,
};

}  // namespace claviger::reason
