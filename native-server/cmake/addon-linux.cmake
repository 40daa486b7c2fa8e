set(OVERSOAK_NODE_PLATFORM linux-x64)

# Node's own symbols are found in the process that loads the addon.
find_package(Threads REQUIRED)
include(cmake/liburing.cmake)
target_link_libraries(oversoak_native PRIVATE Threads::Threads ${OVERSOAK_URING_LIBRARY})
# No libstdc++ of the system beside the one in Node, and none of its versions to be met elsewhere.
target_link_options(oversoak_native PRIVATE -static-libstdc++ -static-libgcc)

# No other build compiles this source, so here it has to include what it names (see precompiled.cmake).
set_source_files_properties(src/addon/linux/probes.cc PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
