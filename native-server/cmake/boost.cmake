# Boost.Lockfree, headers only: the lock-free content queue. Debian: libboost-dev. Windows: vcpkg
# install boost-lockfree:x64-windows; the preset looks for it below VCPKG_INSTALLATION_ROOT.
find_path(BOOST_INCLUDE_DIR boost/lockfree/queue.hpp
  PATHS /usr/include NO_CMAKE_FIND_ROOT_PATH REQUIRED)
set(OVERSOAK_BOOST_INCLUDE ${BOOST_INCLUDE_DIR})
if(CMAKE_CROSSCOMPILING)
  # Only Boost, not the rest of the folder: it holds the headers of Linux.
  set(OVERSOAK_BOOST_INCLUDE ${CMAKE_CURRENT_BINARY_DIR}/include)
  file(MAKE_DIRECTORY ${OVERSOAK_BOOST_INCLUDE})
  file(CREATE_LINK ${BOOST_INCLUDE_DIR}/boost ${OVERSOAK_BOOST_INCLUDE}/boost SYMBOLIC)
endif()
