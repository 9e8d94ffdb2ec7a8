# claviger_embed(<target> <name> <file>...) compiles the files into <target>. Code reaches them, in
# the order given, as claviger::embedded::<name>() (src/base/embedded_file.hpp). The files may be
# outputs of custom commands of the same folder. An edited file is embedded anew without a new
# configure step.
function(claviger_embed target name)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/embedded")
  set(outputs "${folder}/${name}.S" "${folder}/${name}.cpp")
  set(files "")
  foreach(file IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    list(APPEND files "${file}")
  endforeach()
  if(NOT files)
    message(FATAL_ERROR "claviger_embed(${target} ${name}): no files")
  endif()
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND "${CMAKE_COMMAND}" "-DNAME=${name}" "-DFOLDER=${folder}" "-DFILES=${files}"
            -P "${CMAKE_SOURCE_DIR}/cmake/write_embedded.cmake"
    DEPENDS ${files} "${CMAKE_SOURCE_DIR}/cmake/write_embedded.cmake"
    COMMENT "Embedding ${name}"
    VERBATIM)
  # The assembler reads the files itself, which no dependency scanner sees. Our warnings and
  # sanitizers are for C++: on assembly they are unused arguments, an error under -Werror.
  set_source_files_properties("${folder}/${name}.S" PROPERTIES
    OBJECT_DEPENDS "${files}" COMPILE_OPTIONS "-Wno-unused-command-line-argument")
  target_sources(${target} PRIVATE ${outputs})
endfunction()
