#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "io/address.h"
#include "io/error.h"
#include "system_io.h"

namespace oversoak::io {

// A connection that was accepted, or why none was.
struct Accepted {
  Socket socket = kNoSocket;
  Address peer;
  Error error;
};

// A listening socket for one thread that accepts, with plain blocking calls.
class Listener {
 public:
  // Listens at once; with port 0 on one of the system's. Throws std::runtime_error when the address
  // cannot be had.
  Listener(const std::string& host, std::uint16_t port, int backlog);
  // Only when no accept is under way.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  // For an Acceptor.
  Socket socket() const noexcept { return socket_.load(); }

  // Waits for the next connection; kNoSocket when that failed or close() was called.
  Accepted accept() noexcept;

  // Any thread, once: ends the accept that is under way, and each that follows.
  void close() noexcept;

 private:
  std::atomic<Socket> socket_{kNoSocket};
  std::uint16_t port_ = 0;
};

}  // namespace oversoak::io
