# One static library per folder of src/. What a folder may include is checked by tools/layers,
# whose table is the one in ARCHITECTURE.md; the links below follow it.
function(claviger_layer name)
  cmake_parse_arguments(arg "NET" "" "LAYERS;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
  add_library(claviger_${name} STATIC ${sources})
  target_include_directories(claviger_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(claviger_${name} PRIVATE claviger_flags)
  foreach(layer IN LISTS arg_LAYERS)
    target_link_libraries(claviger_${name} PUBLIC claviger_${layer})
  endforeach()
  target_link_libraries(claviger_${name} PUBLIC claviger_asio Boost::json Boost::url fmt::fmt ${arg_LIBS})
  if(NOT name STREQUAL "base")
    claviger_reuse_headers(claviger_${name} claviger_base)
  endif()
endfunction()

# The precompiled header carries the heavy third-party headers (Asio, JSON, fmt) for every unit of ours.
function(claviger_reuse_headers target from)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "EXECUTABLE")  # -fPIE would differ from the -fPIC of the library that made the header
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIC)
  endif()
  target_precompile_headers(${target} REUSE_FROM ${from})
endfunction()
