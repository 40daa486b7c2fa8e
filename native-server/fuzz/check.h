#pragma once

#include <cstdio>
#include <cstdlib>

namespace oversoak::fuzz {

// The fuzzer keeps the input that ended the process.
inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace oversoak::fuzz
