#include "probes/connection.h"
#include "io/sockets.h"

#include <utility>

namespace oversoak::probes {
namespace {

void set_option(SOCKET socket, int name, DWORD value) {
  if (setsockopt(socket, SOL_SOCKET, name, reinterpret_cast<const char*>(&value), sizeof(value)) !=
      0) {
    cannot("setsockopt");
  }
}

void prepare(SOCKET socket) {
  io::disable_nagle(socket);
  set_option(socket, SO_RCVTIMEO, kPatienceMs);
  set_option(socket, SO_SNDTIMEO, kPatienceMs);
}

}  // namespace

SOCKET Socket::release() noexcept { return std::exchange(socket_, INVALID_SOCKET); }

void Socket::close() noexcept {
  if (socket_ != INVALID_SOCKET) ::closesocket(release());
}

void cannot(const char* what) {
  throw Inconclusive(std::string(what) +
                     " failed: " + io::Error(static_cast<DWORD>(WSAGetLastError())).describe());
}

void too_late() { throw Inconclusive("the data was sent too early: the machine is too busy"); }

Listener::Listener(int backlog) : socket_(io::open_tcp_socket()) {
  address_ = io::loopback(0);
  auto* name = reinterpret_cast<sockaddr*>(&address_);
  int length = sizeof(address_);
  if (bind(get(), name, length) != 0) cannot("bind");
  if (listen(get(), backlog) != 0) cannot("listen");
  if (getsockname(get(), name, &length) != 0) cannot("getsockname");
}

Socket Listener::accept() {
  if (!readable(get(), kPatienceMs)) throw Inconclusive("no connection came to the listener");
  Socket socket(::accept(get(), nullptr, nullptr));
  if (socket.get() == INVALID_SOCKET) cannot("accept");
  return socket;
}

void connect_to(SOCKET socket, const sockaddr_in& address) {
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    cannot("connect");
  }
}

Connection::Connection(Socket made, int buffer_bytes) : ours(std::move(made)) {
  if (ours.get() == INVALID_SOCKET) cannot("socket");
  Listener listener(1);
  // Before the connection, so that its window is made for them.
  if (buffer_bytes > 0) {
    set_option(listener.get(), SO_RCVBUF, static_cast<DWORD>(buffer_bytes));
    set_option(ours.get(), SO_SNDBUF, static_cast<DWORD>(buffer_bytes));
  }
  connect_to(ours.get(), listener.address());
  peer = listener.accept();
  prepare(ours.get());
  prepare(peer.get());
}

void Connection::send_from_peer(const void* bytes, int size) {
  if (::send(peer.get(), static_cast<const char*>(bytes), size, 0) != size) cannot("send");
}

bool readable(SOCKET socket, DWORD timeout_ms) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(socket, &set);
  timeval timeout{static_cast<long>(timeout_ms / 1000),
                  static_cast<long>(timeout_ms % 1000 * 1000)};
  return ::select(0, &set, nullptr, nullptr, &timeout) == 1;
}

}  // namespace oversoak::probes
