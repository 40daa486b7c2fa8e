#pragma once

#include <cstdio>
#include <cstdlib>

namespace oversoak {

// An impossible state: prints it and ends the process, so that no figure is based on it. The agent
// reports the exit.
[[noreturn]] inline void fatal(const char* what, unsigned long code = 0) {
  std::fprintf(stderr, "oversoak native server: impossible state: %s (code %lu)\n", what, code);
  std::fflush(stderr);
  std::abort();
}

}  // namespace oversoak
