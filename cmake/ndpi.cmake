# SPDX-License-Identifier: GPL-3.0-or-later
# ndpi_sources(RESULT FOLDER): the files of FOLDER (src/dpi/ndpi) that fit the nDPI of the target PkgConfig::ndpi. Each difference
# between nDPI's versions is one line below: the forms it has, of which the first that compiles with the installed header is taken.
# src/dpi/ndpi/api.h says what they are; tests/tools/ndpi_versions_test.py tries them with declarations like those of other versions.

set(NDPI_FORMS
  "create_with_preferences create_with_context create_all_on"
  "process_5_arguments process_6_arguments"
  "give_up_with_guess give_up_guessed give_up"
  "flat_protocol nested_protocol"
  "done_by_state done_by_question"
  "count_supported count_all"
  "address_v4_v6 address_v4"
  "memory_setters memory_functions"
)

function(ndpi_choose result folder)
  foreach(form ${ARGN})
    try_compile(NDPI_HAS_${form}
      SOURCES ${folder}/${form}.cc
      CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${CMAKE_SOURCE_DIR}/src"
      LINK_LIBRARIES PkgConfig::ndpi
      CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
    if(NDPI_HAS_${form})
      set(${result} ${folder}/${form}.cc PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "weir does not know this version of nDPI: none of ${ARGN} compiles with its header (cmake/ndpi.cmake)")
endfunction()

function(ndpi_sources result folder)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
  set(sources ${folder}/memory_count.cc)
  foreach(line ${NDPI_FORMS})
    separate_arguments(forms UNIX_COMMAND "${line}")
    ndpi_choose(source ${folder} ${forms})
    list(APPEND sources ${source})
  endforeach()
  set(${result} ${sources} PARENT_SCOPE)
endfunction()
