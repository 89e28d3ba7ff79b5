# SPDX-License-Identifier: GPL-3.0-or-later
# kernel_program(TARGET NAME): compiles NAME.bpf.c to eBPF and puts the object into TARGET as std::span<const uint8_t> NAME_object()
# of kernel_objects.h. The object is the same for every little-endian processor, so a cross build uses this machine's clang and
# headers, too.

find_program(WEIR_BPF_CLANG NAMES clang clang-19 clang-14 REQUIRED)
execute_process(COMMAND ${WEIR_BPF_CLANG} -print-target-triple OUTPUT_VARIABLE triple OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REPLACE "-pc-" "-" WEIR_BPF_HEADERS "${triple}")

function(kernel_program target name)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${name}.bpf.c)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.bpf.o)
  set(embedded ${CMAKE_CURRENT_BINARY_DIR}/${name}_object.cc)
  add_custom_command(OUTPUT ${object} DEPENDS ${source} VERBATIM
    COMMAND ${WEIR_BPF_CLANG} -O2 -g -Wall -Werror -target bpf -idirafter /usr/include/${WEIR_BPF_HEADERS}
            -fdebug-prefix-map=${CMAKE_SOURCE_DIR}=. -c ${source} -o ${object})
  add_custom_command(OUTPUT ${embedded} DEPENDS ${object} ${CMAKE_SOURCE_DIR}/cmake/embed_object.cmake VERBATIM
    COMMAND ${CMAKE_COMMAND} -D OBJECT=${object} -D NAME=${name} -D OUTPUT=${embedded} -P ${CMAKE_SOURCE_DIR}/cmake/embed_object.cmake)
  target_sources(${target} PRIVATE ${embedded})
endfunction()
