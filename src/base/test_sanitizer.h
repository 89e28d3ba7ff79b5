// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Under which sanitizer a test runs: GCC defines a macro, Clang has a feature.
#if defined(__SANITIZE_ADDRESS__)
#define WEIR_UNDER_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WEIR_UNDER_ADDRESS_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define WEIR_UNDER_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WEIR_UNDER_THREAD_SANITIZER 1
#endif
#endif
