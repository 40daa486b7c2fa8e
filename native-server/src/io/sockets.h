#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "io/address.h"
#include "io/error.h"
#include "system_io.h"

namespace oversoak::io {

// What the system's sockets need (WSAStartup), for as long as one lives; any number of them.
class Library {
 public:
  Library();
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

// What recv or send took. An error would_block() is one, too.
struct Transfer {
  std::size_t bytes = 0;
  Error error;
};

// A blocking TCP socket for addresses of the family, overlapped on Windows; kNoSocket when there is
// none to be had. One of IPv6 is for IPv6 alone, on either platform.
Socket open_tcp_socket(int family = AF_INET) noexcept;
void close_socket(Socket socket) noexcept;

// Small messages leave at once; an echo test must not measure Nagle's algorithm.
void disable_nagle(Socket socket) noexcept;

// The size of the system's receive buffer (SO_RCVBUF).
void set_receive_buffer(Socket socket, int bytes) noexcept;

// The timeout of a blocking receive.
void set_receive_timeout(Socket socket, std::uint32_t timeout_ms) noexcept;

// Calls on the socket fail instead of blocking.
Error make_non_blocking(Socket socket) noexcept;

// Blocking.
Error connect_to(Socket socket, const Address& address) noexcept;

bool is_connected(Socket socket) noexcept;

// The port of the own end; 0: it has none.
std::uint16_t local_port(Socket socket) noexcept;

// Ends the own side; the peer's goes on.
void end_sending(Socket socket) noexcept;

// Closing the socket then resets the connection (RST) instead of ending it in order.
void reset_on_close(Socket socket) noexcept;

// One recv. 0 bytes without an error: the peer has ended its side in order.
Transfer receive_some(Socket socket, std::span<std::byte> into) noexcept;

// One send, which may take a part.
Transfer send_some(Socket socket, std::span<const std::byte> bytes) noexcept;

}  // namespace oversoak::io
