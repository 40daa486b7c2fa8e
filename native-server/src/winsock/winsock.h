#pragma once

// One place for the order in which Windows wants its headers.
#include <winsock2.h>
//
#include <mswsock.h>
#include <windows.h>
#include <ws2tcpip.h>

#include <cstdint>
#include <string>

namespace oversoak::winsock {

// WSAStartup for as long as one lives; any number of them.
class Library {
 public:
  Library();
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

// "WSAEADDRINUSE (10048)"; the bare number where the name is not one of the common ones.
std::string describe_error(DWORD error);

// An IPv4 address in dotted form; false where `host` is not one.
bool make_address(const std::string& host, std::uint16_t port, sockaddr_in& address) noexcept;

// An overlapped TCP socket (`socket()` makes them overlapped), or INVALID_SOCKET.
SOCKET open_tcp_socket() noexcept;

// Small messages leave at once; an echo test must not measure Nagle's algorithm.
void disable_nagle(SOCKET socket) noexcept;

// What the system takes in before somebody receives it.
void set_receive_buffer(SOCKET socket, int bytes) noexcept;

// The peer of a connection that is closed after this is told of a reset, and not of an end.
void reset_on_close(SOCKET socket) noexcept;

// ConnectEx is not exported; it is asked for through any socket.
LPFN_CONNECTEX load_connect_ex(SOCKET socket) noexcept;

}  // namespace oversoak::winsock
