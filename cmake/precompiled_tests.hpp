// What every test needs besides.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "precompiled.hpp"
