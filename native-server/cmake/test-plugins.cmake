# The plug-ins of the tests: the example, and those with faults. An image has neither.
set(example ${CMAKE_CURRENT_SOURCE_DIR}/../examples/plugin)
set(faulty ${CMAKE_CURRENT_SOURCE_DIR}/test/plugin/faulty.c)
set(throwing ${CMAKE_CURRENT_SOURCE_DIR}/test/plugin/throwing.cc)
if(NOT EXISTS ${example}/CMakeLists.txt OR NOT EXISTS ${faulty})
  return()
endif()
# Not in the product's folder, all of which is packed.
set(plugin_folder ${CMAKE_CURRENT_SOURCE_DIR}/build/plugins-${OVERSOAK_NODE_PLATFORM})

enable_language(C)
add_subdirectory(${example} ${CMAKE_CURRENT_BINARY_DIR}/example)
foreach(fault CALL OTHER_ABI NO_FUNCTION NO_EXPORT UNKNOWN_ABI WILD_TABLE)
  string(TOLOWER faulty_${fault} name)
  add_library(${name} MODULE ${faulty})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/include)
  target_compile_definitions(${name} PRIVATE FAULTY_${fault})
  set_target_properties(${name} PROPERTIES PREFIX "" C_STANDARD 99 C_VISIBILITY_PRESET hidden)
  if(MINGW)
    target_link_options(${name} PRIVATE -static-libgcc)
  endif()
  list(APPEND plugins ${name})
endforeach()
add_library(throwing MODULE ${throwing})
target_include_directories(throwing PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/include)
set_target_properties(throwing PROPERTIES PREFIX "")
if(MINGW)
  target_link_options(throwing PRIVATE -static)
endif()
set_target_properties(xor throwing ${plugins} PROPERTIES
  # The generator expression keeps multi-configuration generators from adding a folder.
  LIBRARY_OUTPUT_DIRECTORY $<1:${plugin_folder}>
  MSVC_RUNTIME_LIBRARY MultiThreaded)
