# Run by claviger_embed at build time: writes ${FOLDER}/${NAME}.S, which carries the bytes of
# ${FILES}, and ${FOLDER}/${NAME}.cpp, the table of them.
set(assembly "  .section .rodata\n")
set(symbols "")
set(rows "")
set(index 0)
foreach(file IN LISTS FILES)
  set(symbol "claviger_embedded_${NAME}_${index}")
  file(SIZE "${file}" size)
  file(SHA256 "${file}" sha256)
  cmake_path(GET file FILENAME short)
  string(APPEND assembly
    "  .globl ${symbol}\n  .balign 16\n${symbol}:\n  .incbin \"${file}\"\n  .byte 0\n")
  string(APPEND symbols "extern const char ${symbol}[];\n")
  string(APPEND rows "      EmbeddedFile{\"${short}\", \"${sha256}\", {${symbol}, ${size}}},\n")
  math(EXPR index "${index} + 1")
endforeach()
# Without this note the linker would make the stack of the whole program executable.
string(APPEND assembly "  .section .note.GNU-stack,\"\",@progbits\n")

file(WRITE "${FOLDER}/${NAME}.S" "${assembly}")
file(WRITE "${FOLDER}/${NAME}.cpp" "// Written by cmake/write_embedded.cmake.
#include <array>

#include \"base/embedded_file.hpp\"

extern \"C\" {
${symbols}}

namespace claviger::embedded {
std::span<const EmbeddedFile> ${NAME}();
std::span<const EmbeddedFile> ${NAME}() {
  static const std::array<EmbeddedFile, ${index}> files{
${rows}  };
  return files;
}
}  // namespace claviger::embedded
")
