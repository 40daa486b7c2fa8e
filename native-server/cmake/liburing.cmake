# liburing: the ring in memory that a program shares with the kernel. Debian: liburing-dev.
find_path(LIBURING_INCLUDE_DIR liburing.h REQUIRED)
# Linked into the addon, which then runs on machines without liburing.
find_library(OVERSOAK_URING_LIBRARY NAMES liburing.a uring REQUIRED)
