#pragma once

// The types of IO that are Linux' own. Shared sources include this by its bare name: the build has
// the folder of one platform on its include path.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cstddef>
#include <span>

namespace oversoak::io {

using Socket = int;
inline constexpr Socket kNoSocket = -1;

// What an operation needs while the system carries it out: under io_uring what is left of a send,
// which may complete with a part of it. The notifier's own.
struct SystemOperation {
  std::span<const std::byte> left{};
  std::size_t taken = 0;
  bool cancelled = false;
};

}  // namespace oversoak::io
