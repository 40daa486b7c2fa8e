set(OVERSOAK_NODE_PLATFORM win32-x64)

ask_node("require('node-api-headers').def_paths.js_native_api_def" JS_NATIVE_API_DEF)
ask_node("require('node-api-headers').def_paths.node_api_def" NODE_API_DEF)

# The import library of node.exe, made from the symbols of Node-API; the second .def file repeats
# most of the first. No delay-load hook: the host is always called node.exe.
file(STRINGS ${JS_NATIVE_API_DEF} js_symbols REGEX "^napi_|^node_")
file(STRINGS ${NODE_API_DEF} node_symbols REGEX "^napi_|^node_")
set(symbols ${js_symbols} ${node_symbols})
list(REMOVE_DUPLICATES symbols)
list(JOIN symbols "\n" symbols)
set(NODE_DEF ${CMAKE_CURRENT_BINARY_DIR}/node.def)
set(NODE_LIB ${CMAKE_CURRENT_BINARY_DIR}/node.lib)
file(CONFIGURE OUTPUT ${NODE_DEF}
  CONTENT "LIBRARY node.exe\nEXPORTS\n@symbols@\n" @ONLY)
if(MSVC)
  set(make_node_lib ${CMAKE_AR} /nologo /machine:x64 /def:${NODE_DEF} /out:${NODE_LIB})
else()
  set(make_node_lib ${CMAKE_DLLTOOL} --input-def ${NODE_DEF} --output-lib ${NODE_LIB})
endif()
add_custom_command(OUTPUT ${NODE_LIB} DEPENDS ${NODE_DEF} COMMAND ${make_node_lib} VERBATIM)
add_custom_target(node_lib DEPENDS ${NODE_LIB})
add_dependencies(oversoak_native node_lib)

target_compile_definitions(oversoak_native PRIVATE
  WIN32_LEAN_AND_MEAN NOMINMAX UNICODE _UNICODE _WIN32_WINNT=0x0A00)
# Sockets that one select takes; 64 otherwise. Here and not in a header, so that every source agrees
# on the size of an fd_set.
target_compile_definitions(oversoak_native PRIVATE FD_SETSIZE=1024)
if(MSVC)
  # Its headers deprecate WSAAsyncSelect, which is one of the baselines all the same.
  set_source_files_properties(src/io/windows/async_select.cc src/probes/calls.cc PROPERTIES
    COMPILE_DEFINITIONS _WINSOCK_DEPRECATED_NO_WARNINGS)
endif()
target_link_libraries(oversoak_native PRIVATE ${NODE_LIB} ws2_32 mswsock winmm psapi user32
  synchronization)
if(MINGW)
  # No libstdc++ or winpthread DLL beside the addon.
  target_link_options(oversoak_native PRIVATE -static)
endif()
