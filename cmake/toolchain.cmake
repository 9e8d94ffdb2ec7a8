# Language level, warnings, hardening, sanitizers. Every target of ours links claviger_flags.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(CLAVIGER_SANITIZER "" CACHE STRING "address, thread, fuzzer or empty")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(claviger_flags INTERFACE)
target_compile_options(claviger_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -Wno-missing-field-initializers
  -fstack-protector-strong -fstack-clash-protection -fcf-protection
  -ftrivial-auto-var-init=zero)
target_compile_definitions(claviger_flags INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(claviger_flags INTERFACE -fuse-ld=lld -Wl,-z,relro,-z,now,-z,noexecstack)

if(CLAVIGER_SANITIZER STREQUAL "address" OR CLAVIGER_SANITIZER STREQUAL "fuzzer")
  set(sanitize -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(CLAVIGER_SANITIZER STREQUAL "fuzzer")
    list(APPEND sanitize -fsanitize=fuzzer-no-link)
  endif()
elseif(CLAVIGER_SANITIZER STREQUAL "thread")
  set(sanitize -fsanitize=thread -fno-omit-frame-pointer)
else()
  set(sanitize "")
  set(fortified $<AND:$<CONFIG:Release>,$<NOT:$<BOOL:$<TARGET_PROPERTY:CLAVIGER_UNOPTIMISED>>>>)
  target_compile_options(claviger_flags INTERFACE
    -U_FORTIFY_SOURCE $<${fortified}:-D_FORTIFY_SOURCE=3>)
endif()
if(sanitize)
  target_compile_options(claviger_flags INTERFACE ${sanitize})
  target_link_options(claviger_flags INTERFACE ${sanitize})
endif()
# The executables are position independent; libraries are static.
target_link_options(claviger_flags INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)
