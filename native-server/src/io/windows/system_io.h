#pragma once

// The types of IO that are Windows' own. Shared sources include this by its bare name: the build
// has the folder of one platform on its include path.
#include "io/windows/winsock.h"

namespace oversoak::io {

using Socket = SOCKET;
inline constexpr Socket kNoSocket = INVALID_SOCKET;

// What the system keeps of an operation while it carries it out.
using SystemOperation = WSAOVERLAPPED;

}  // namespace oversoak::io
