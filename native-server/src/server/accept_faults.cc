#include "server/accept_faults.h"

#include <algorithm>

#include "io/sockets.h"
#include "os/process.h"

namespace oversoak::server {

void AcceptFaults::session_opened() {
  ++opened_;
  if (settings_.leak_bytes_per_accept > 0) {
    // Written to, so that it is resident; volatile, so that it is not optimised away.
    auto* leak = new std::byte[settings_.leak_bytes_per_accept];
    volatile std::byte* bytes = leak;
    for (std::size_t i = 0; i < settings_.leak_bytes_per_accept; ++i) bytes[i] = std::byte{0xA5};
  }
  for (std::uint32_t i = 0; i < settings_.leak_handles_per_accept; ++i) os::leak_handle();
  for (std::uint32_t i = 0; i < settings_.leak_sockets_per_accept; ++i) io::open_tcp_socket();
}

void AcceptFaults::session_ended(std::vector<std::byte> last_echo) {
  if (!last_echo.empty()) last_echo_ = std::move(last_echo);
}

std::span<const std::byte> AcceptFaults::stale_echo() const noexcept {
  const bool due = settings_.stale_every != 0 && opened_ % settings_.stale_every == 0;
  return due ? std::span<const std::byte>(last_echo_) : std::span<const std::byte>();
}

}  // namespace oversoak::server
