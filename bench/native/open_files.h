#pragma once

#include <sys/resource.h>

// Lets this process have as many files open as its hard limit allows.
static inline void raise_open_files(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}
