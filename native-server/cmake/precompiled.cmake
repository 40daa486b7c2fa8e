# Headers of others, which most sources include, parsed once for all of them: three fifths of the
# compilation. No source may need them: each includes what it names, and the builds that find out
# have no precompiled headers (linux-asan, mingw-includes, and MSVC). A compiler cache keeps nothing
# that was compiled with them. Each header costs every source something: napi.h, which few include,
# would cost the others more than it saves.
function(precompile_headers target)
  if(MSVC OR CMAKE_CXX_COMPILER_LAUNCHER)
    return()
  endif()
  set(headers algorithm array atomic cmath cstdint cstdio cstring deque functional limits
    memory mutex optional queue span stdexcept string string_view thread unordered_map utility
    vector)
  if(WIN32)
    list(APPEND headers winsock2.h mswsock.h ws2tcpip.h windows.h)
  endif()
  list(TRANSFORM headers PREPEND "<")
  list(TRANSFORM headers APPEND ">")
  target_precompile_headers(${target} PRIVATE ${headers})
endfunction()
