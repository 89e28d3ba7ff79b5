# SPDX-License-Identifier: GPL-3.0-or-later
# module(), module_test(), module_bench(), module_fuzz(): one line for each thing a folder under src/ builds.

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
include(GoogleTest)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

add_library(weir_flags INTERFACE)
target_compile_options(weir_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wconversion -Wno-sign-conversion -Werror -fno-omit-frame-pointer)
target_include_directories(weir_flags INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
target_link_libraries(weir_flags INTERFACE Threads::Threads fmt::fmt)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees uninitialised strings in every moved std::variant and overlapping ones in assignments of literals (bugs 105562
  # and 105651); clang-tidy and the sanitizers look for real ones.
  target_compile_options(weir_flags INTERFACE -Wno-maybe-uninitialized -Wno-restrict)
endif()
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  # SSE4.2 is in every x86-64 server since 2009; wider vectors gain nothing here (bench/README.md).
  target_compile_options(weir_flags INTERFACE -march=x86-64-v2)
endif()
# Links in a fifth of the time. GCC's cross compilers look for it under a name that Debian does not give it.
find_program(WEIR_LLD ld.lld)
if(WEIR_LLD AND NOT CMAKE_CROSSCOMPILING)
  add_link_options(-fuse-ld=lld)
endif()
if(WEIR_BATCHES)
  # Which files go together depends on what they call their own.
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/*.cc ${CMAKE_SOURCE_DIR}/src/*.h)
  set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sources} ${CMAKE_SOURCE_DIR}/tools/unity_batches.py)
  execute_process(COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/unity_batches.py ${CMAKE_BINARY_DIR}/batches ${CMAKE_SOURCE_DIR}/src
    COMMAND_ERROR_IS_FATAL ANY)
  include(${CMAKE_BINARY_DIR}/batches/batches.cmake)
endif()

# In a batch a name of one file may cover that of another, and for GCC all but the batch itself is a header, in which types of an
# anonymous namespace are a mistake. Linked last: what says otherwise comes before.
add_library(weir_batch_flags INTERFACE)
target_compile_options(weir_batch_flags INTERFACE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)

# take_batches(VARIABLE NAME): the batches of NAME into the variable, where there are some; `flags` is then what they are to link.
function(take_batches variable name)
  if(WEIR_BATCHES_${name})
    set(${variable} ${WEIR_BATCHES_${name}} PARENT_SCOPE)
    set(flags weir_batch_flags PARENT_SCOPE)
  endif()
endfunction()
if(WEIR_SANITIZE)
  add_compile_options(-fsanitize=${WEIR_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${WEIR_SANITIZE})
endif()
if(WEIR_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# for_tests(TARGET): what is tested is optimised as it is shipped. Tests themselves compile in half the time without (clang, with
# sanitizers), and fuzzers follow what is tested, not the tests.
function(for_tests target)
  target_compile_options(${target} PRIVATE ${WEIR_TEST_OPTIMISATION})
  if(WEIR_FUZZ)
    target_compile_options(${target} PRIVATE -fno-sanitize=fuzzer-no-link)
  endif()
endfunction()

# precompile(TARGET [TEST]): the headers that nearly every file reads are compiled once for all of them: a third of the time that
# tests take. The programs of the release build go without, so that a file which forgets to include what it uses does not compile there.
function(precompile target)
  set(kind weir_headers)
  if("TEST" IN_LIST ARGN)
    set(kind weir_test_headers)
  elseif(NOT WEIR_PRECOMPILE)
    return()
  endif()
  if(NOT TARGET ${kind})
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/${kind}.cc CONTENT "// Its headers are what counts.\n")
    add_library(${kind} STATIC ${CMAKE_BINARY_DIR}/generated/${kind}.cc)
    target_link_libraries(${kind} PRIVATE weir_flags)
    if(WEIR_BATCHES)
      target_link_libraries(${kind} PRIVATE weir_batch_flags)  # as what takes them: clang takes no others
    endif()
    target_precompile_headers(${kind} PRIVATE <algorithm> <array> <atomic> <chrono> <cstdint> <cstring> <functional> <map> <memory>
      <mutex> <optional> <span> <string> <string_view> <thread> <utility> <vector> <fmt/format.h>)
    if("TEST" IN_LIST ARGN)
      target_link_libraries(${kind} PRIVATE GTest::gtest GTest::gmock)
      target_precompile_headers(${kind} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
      for_tests(${kind})
    endif()
  endif()
  target_precompile_headers(${target} REUSE_FROM ${kind})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # It takes precompiled headers of the standard library for code of ours; the programs of the release build, which have none, do warn.
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
endfunction()

# module(NAME [DEPENDS module...] [LIBRARIES library...] [SOURCES file...])
# A static library weir_NAME of the folder's .cc files (those of tests, benchmarks and fuzzers left out unless SOURCES says otherwise).
function(module name)
  cmake_parse_arguments(arg "" "" "DEPENDS;LIBRARIES;SOURCES" ${ARGN})
  set(flags)
  if(NOT arg_SOURCES AND NOT WEIR_BATCHES STREQUAL "TESTS")
    take_batches(arg_SOURCES ${name})
  endif()
  if(NOT arg_SOURCES)
    file(GLOB arg_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
    list(FILTER arg_SOURCES EXCLUDE REGEX "_(test|bench|fuzz)\\.cc$|/main\\.cc$")
  endif()
  if(NOT arg_SOURCES)
    add_library(weir_${name} INTERFACE)
    set(scope INTERFACE)
  else()
    add_library(weir_${name} STATIC ${arg_SOURCES})
    precompile(weir_${name})
    set(scope PUBLIC)
  endif()
  list(TRANSFORM arg_DEPENDS PREPEND weir_)
  target_link_libraries(weir_${name} ${scope} weir_flags ${arg_DEPENDS} ${arg_LIBRARIES})
  if(flags)
    target_link_libraries(weir_${name} PRIVATE ${flags})
  endif()
endfunction()

# known_test(PROGRAM LABEL [TEST_PREFIX prefix]): each test of a GoogleTest program is known to ctest, and the program to
# tools/run_test_programs.
function(known_test program label)
  # The tests with a million hosts take minutes where each access is checked.
  set(seconds 300)
  if(WEIR_SANITIZE)
    set(seconds 1200)
  endif()
  gtest_discover_tests(${program} ${ARGN} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${seconds} LABELS ${label})
  set_property(GLOBAL APPEND PROPERTY WEIR_TEST_PROGRAMS ${program})
endfunction()

# write_test_programs(): the names of the programs that are known, and what runs a program built for another processor.
function(write_test_programs)
  get_property(programs GLOBAL PROPERTY WEIR_TEST_PROGRAMS)
  list(JOIN programs "\n" lines)
  file(WRITE ${CMAKE_BINARY_DIR}/test_programs "${lines}\n")
  file(WRITE ${CMAKE_BINARY_DIR}/test_launcher "${CMAKE_CROSSCOMPILING_EMULATOR}\n")
endfunction()

# keep_threaded(VARIABLE): of the files in the list, those with threads.
function(keep_threaded variable)
  set(kept)
  foreach(file IN LISTS ${variable})
    file(STRINGS ${file} lines REGEX "thread" LIMIT_COUNT 1)
    if(lines)
      list(APPEND kept ${file})
    endif()
  endforeach()
  set(${variable} ${kept} PARENT_SCOPE)
endfunction()

# module_test(NAME [LIBRARIES library...] [STARTS_NO_THREADS]): NAME_test from the folder's *_test.cc, each test known to ctest. Of a
# module that starts no threads itself, ThreadSanitizer is shown those files only that speak of them.
function(module_test name)
  if(NOT WEIR_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "STARTS_NO_THREADS" "" "LIBRARIES" ${ARGN})
  find_package(GTest REQUIRED)
  set(flags)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cc)
  if(arg_STARTS_NO_THREADS AND WEIR_SANITIZE STREQUAL "thread")
    keep_threaded(sources)
  else()
    take_batches(sources ${name}_test)
  endif()
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_test ${sources})
  precompile(${name}_test TEST)
  target_link_libraries(${name}_test PRIVATE weir_${name} ${arg_LIBRARIES} GTest::gtest GTest::gmock GTest::gtest_main ${flags})
  target_compile_definitions(${name}_test PRIVATE WEIR_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  for_tests(${name}_test)
  known_test(${name}_test ${name})
endfunction()

# module_bench(NAME SOURCE [LIBRARIES library...]): NAME_bench, a Google Benchmark program.
function(module_bench name source)
  if(NOT WEIR_BENCH)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "LIBRARIES" ${ARGN})
  find_package(benchmark REQUIRED)
  add_executable(${name}_bench ${source})
  target_link_libraries(${name}_bench PRIVATE ${arg_LIBRARIES} benchmark::benchmark benchmark::benchmark_main)
  target_compile_definitions(${name}_bench PRIVATE WEIR_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
endfunction()

# module_fuzz(NAME SOURCE [LIBRARIES library...]): NAME_fuzz, a libFuzzer program.
function(module_fuzz name source)
  if(NOT WEIR_FUZZ)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "LIBRARIES" ${ARGN})
  add_executable(${name}_fuzz ${source})
  target_link_libraries(${name}_fuzz PRIVATE ${arg_LIBRARIES})
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
endfunction()
