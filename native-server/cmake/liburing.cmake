# liburing: the ring in memory that a program shares with the kernel. Debian: liburing-dev.
find_path(LIBURING_INCLUDE_DIR liburing.h REQUIRED)
find_library(OVERSOAK_URING_LIBRARY uring REQUIRED)
