#pragma once

// The types of IO that are Linux' own. Shared sources include this by its bare name: the build has
// the folder of one platform on its include path.
#include <netinet/in.h>

namespace oversoak::io {

using Socket = int;
inline constexpr Socket kNoSocket = -1;

// IPv4.
using Address = sockaddr_in;

// What the system keeps of an operation while it carries it out: nothing in our memory.
struct SystemOperation {};

}  // namespace oversoak::io
