# SPDX-License-Identifier: GPL-3.0-or-later
# Builds for 64-bit Arm with Debian's cross compiler and lets qemu run what was built. The libraries come from a folder that
# `tools/sysroot arm64 FOLDER` filled: WEIR_SYSROOT, build/sysroot-arm64 when not given.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

if(NOT WEIR_SYSROOT)
  get_filename_component(WEIR_SYSROOT ${CMAKE_CURRENT_LIST_DIR}/../build/sysroot-arm64 ABSOLUTE)
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES WEIR_SYSROOT)
set(CMAKE_SYSROOT ${WEIR_SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${WEIR_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${WEIR_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${WEIR_SYSROOT}/usr/share/pkgconfig)
# The emulator passes neither the options of packet sockets nor kernel programs on: tests of those look for the variable.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L ${WEIR_SYSROOT} -E WEIR_EMULATED=1)
