#pragma once

#include "io/sockets.h"
#include "io/windows/winsock.h"
#include "probes/findings.h"

namespace oversoak::probes {

// How long a probe waits for what must come, and the longest that a blocking call of one lasts.
constexpr DWORD kPatienceMs = 2000;

// Owns a socket.
class Socket {
 public:
  Socket() = default;
  explicit Socket(SOCKET socket) noexcept : socket_(socket) {}
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept : socket_(other.release()) {}
  Socket& operator=(Socket&& other) noexcept {
    close();
    socket_ = other.release();
    return *this;
  }

  SOCKET get() const noexcept { return socket_; }
  HANDLE handle() const noexcept { return reinterpret_cast<HANDLE>(socket_); }
  SOCKET release() noexcept;
  void close() noexcept;

 private:
  SOCKET socket_ = INVALID_SOCKET;
};

// Throws Inconclusive with the last Winsock error.
[[noreturn]] void cannot(const char* what);
// Throws Inconclusive: what was to come after a call came before it was seen.
[[noreturn]] void too_late();

// Listens on a free port of loopback.
class Listener {
 public:
  explicit Listener(int backlog = 16);

  SOCKET get() const noexcept { return socket_.get(); }
  const sockaddr_in& address() const noexcept { return address_; }
  Socket accept();

 private:
  Socket socket_;
  sockaddr_in address_{};
};

// Connects; a blocking call, short because the listener is on this machine.
void connect_to(SOCKET socket, const sockaddr_in& address);

// Two connected sockets of loopback, without Nagle's delay. Blocking calls on them end after
// kPatienceMs at the latest.
struct Connection {
  // `buffer_bytes`: of our side's sends and the peer's receives; 0: as the system has it.
  explicit Connection(int buffer_bytes = 0)
      : Connection(Socket(io::open_tcp_socket()), buffer_bytes) {}
  // With a socket of the probe's own making.
  explicit Connection(Socket made, int buffer_bytes = 0);

  void send_from_peer(const void* bytes, int size);

  Socket ours;
  Socket peer;
};

// Waits until a socket has something to receive.
bool readable(SOCKET socket, DWORD timeout_ms);

}  // namespace oversoak::probes
