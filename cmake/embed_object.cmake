# SPDX-License-Identifier: GPL-3.0-or-later
# Writes the bytes of OBJECT to the source file OUTPUT, as a function NAME_object().
file(READ ${OBJECT} bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"capture/kernel_objects.h\"
namespace weir {
std::span<const uint8_t> ${NAME}_object() {
  alignas(8) static constexpr uint8_t kBytes[] = {${bytes}};
  return kBytes;
}
}  // namespace weir
")
