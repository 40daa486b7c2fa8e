# The addon. The file built by MinGW is meant for real Windows too: Node-API is a C ABI.
find_program(NODE node REQUIRED)

# The value of a JavaScript expression about an npm package.
function(ask_node expression result)
  execute_process(
    COMMAND ${NODE} -p ${expression}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    OUTPUT_VARIABLE answer
    OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
  file(TO_CMAKE_PATH "${answer}" answer)
  set(${result} ${answer} PARENT_SCOPE)
endfunction()

ask_node("require('node-addon-api').include_dir" NODE_ADDON_API)
ask_node("require('node-api-headers').include_dir" NODE_API_HEADERS)

if(OVERSOAK_INCLUDE_CHECK)
  list(FILTER OVERSOAK_SOURCES INCLUDE REGEX "/src/(addon|probes|.*/windows)/")
  add_library(oversoak_native OBJECT ${OVERSOAK_SOURCES})
else()
  include(cmake/precompiled.cmake)
  add_library(oversoak_native MODULE ${OVERSOAK_SOURCES})
  precompile_headers(oversoak_native)
endif()
target_include_directories(oversoak_native PRIVATE ${OVERSOAK_INCLUDES})
# Other people's headers are not held to our warnings.
target_include_directories(oversoak_native SYSTEM PRIVATE
  ${NODE_ADDON_API} ${NODE_API_HEADERS} ${OVERSOAK_BOOST_INCLUDE})
target_compile_definitions(oversoak_native PRIVATE
  NAPI_VERSION=9 NODE_ADDON_API_CPP_EXCEPTIONS_ALL BUILDING_NODE_EXTENSION)
include(cmake/addon-${OVERSOAK_PLATFORM}.cmake)

set(product_folder ${CMAKE_CURRENT_SOURCE_DIR}/build/${OVERSOAK_NODE_PLATFORM})
set_target_properties(oversoak_native PROPERTIES
  PREFIX ""
  SUFFIX .node
  # The generator expression keeps multi-configuration generators from adding a folder.
  LIBRARY_OUTPUT_DIRECTORY $<1:${product_folder}>
  MSVC_RUNTIME_LIBRARY MultiThreaded)
