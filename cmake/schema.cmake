# SPDX-License-Identifier: GPL-3.0-or-later
# generate_schema(): the target weir_schema. Who links it may include "record/fields.gen.h" and those beside it, made of
# schema/ at build time. The console's row types (web/src/generated/fields.ts) are written by the same command.

find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(generate_schema)
  set(generator ${CMAKE_SOURCE_DIR}/tools/generate_schema.py)
  set(outputs ${CMAKE_BINARY_DIR}/generated/record/fields.gen.h ${CMAKE_BINARY_DIR}/generated/record/ports.gen.h
      ${CMAKE_BINARY_DIR}/generated/record/systems.gen.h)
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND ${Python3_EXECUTABLE} ${generator} --schema ${CMAKE_SOURCE_DIR}/schema --cpp ${CMAKE_BINARY_DIR}/generated
            --typescript ${CMAKE_SOURCE_DIR}/web/src/generated/fields.ts
    DEPENDS ${generator} ${CMAKE_SOURCE_DIR}/schema/fields.json ${CMAKE_SOURCE_DIR}/schema/ports.json
            ${CMAKE_SOURCE_DIR}/schema/operating_systems.json ${CMAKE_SOURCE_DIR}/schema/options.json
    COMMENT "Generating the field tables"
    VERBATIM)
  add_custom_target(weir_schema_files DEPENDS ${outputs})
  add_library(weir_schema INTERFACE)
  add_dependencies(weir_schema weir_schema_files)
  target_include_directories(weir_schema INTERFACE ${CMAKE_BINARY_DIR}/generated)
endfunction()
