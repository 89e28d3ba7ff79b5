# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the console in web/ with npm and makes ${assets}, the table of its files. Each step runs only when something it reads
# has changed.
set(web ${CMAKE_SOURCE_DIR}/web)
if(NOT EXISTS ${web}/package-lock.json)
  message(FATAL_ERROR "web/package-lock.json is missing: configure with -DWEIR_WEB=OFF to build without the console")
endif()
find_program(WEIR_NPM npm)
find_program(WEIR_NODE node)
if(NOT WEIR_NPM OR NOT WEIR_NODE)
  message(FATAL_ERROR "npm and node are needed for the console: apt-get install nodejs npm, or configure with -DWEIR_WEB=OFF")
endif()

file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${web}/src/* ${web}/public/* ${web}/tools/*)
list(FILTER web_sources EXCLUDE REGEX "/src/generated/")
file(GLOB web_configuration CONFIGURE_DEPENDS ${web}/*.html ${web}/*.ts ${web}/*.js ${web}/*.mjs ${web}/*.json)
file(GLOB schema CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/schema/*.json)

set(installed ${CMAKE_CURRENT_BINARY_DIR}/npm-ci.stamp)
add_custom_command(OUTPUT ${installed}
  COMMAND ${WEIR_NPM} ci --ignore-scripts --no-audit --no-fund
  COMMAND ${CMAKE_COMMAND} -E touch ${installed}
  DEPENDS ${web}/package.json ${web}/package-lock.json
  WORKING_DIRECTORY ${web} COMMENT "Installing the console's packages" VERBATIM)

set(built ${CMAKE_CURRENT_BINARY_DIR}/npm-build.stamp)
add_custom_command(OUTPUT ${built}
  COMMAND ${WEIR_NPM} run build
  COMMAND ${CMAKE_COMMAND} -E touch ${built}
  DEPENDS ${installed} ${web_sources} ${web_configuration} ${schema}
  WORKING_DIRECTORY ${web} COMMENT "Building the console" VERBATIM)

set(assets ${CMAKE_BINARY_DIR}/generated/http/embedded_assets.cc)
add_custom_command(OUTPUT ${assets}
  COMMAND ${WEIR_NODE} ${CMAKE_SOURCE_DIR}/tools/embed_assets.mjs ${web}/dist ${assets}
  DEPENDS ${built} ${CMAKE_SOURCE_DIR}/tools/embed_assets.mjs
  COMMENT "Embedding the console" VERBATIM)
# Files of any size as string literals are what this source is for.
set_source_files_properties(${assets} PROPERTIES COMPILE_OPTIONS "-Wno-overlength-strings")
