#include "winsock/winsock.h"

#include <stdexcept>

namespace oversoak::winsock {
namespace {

const char* name_of(DWORD error) noexcept {
  switch (error) {
    case WSAEACCES:
      return "WSAEACCES";
    case WSAEADDRINUSE:
      return "WSAEADDRINUSE";
    case WSAEADDRNOTAVAIL:
      return "WSAEADDRNOTAVAIL";
    case WSAECONNABORTED:
      return "WSAECONNABORTED";
    case WSAECONNREFUSED:
      return "WSAECONNREFUSED";
    case WSAECONNRESET:
      return "WSAECONNRESET";
    case WSAEMFILE:
      return "WSAEMFILE";
    case WSAENETDOWN:
      return "WSAENETDOWN";
    case WSAENETUNREACH:
      return "WSAENETUNREACH";
    case WSAENOBUFS:
      return "WSAENOBUFS";
    case WSAEHOSTUNREACH:
      return "WSAEHOSTUNREACH";
    case WSAETIMEDOUT:
      return "WSAETIMEDOUT";
    case WSA_OPERATION_ABORTED:
      return "WSA_OPERATION_ABORTED";
    default:
      return nullptr;
  }
}

}  // namespace

Library::Library() {
  WSADATA data;
  const int error = WSAStartup(MAKEWORD(2, 2), &data);
  if (error != 0) {
    throw std::runtime_error("WSAStartup failed: " + describe_error(static_cast<DWORD>(error)));
  }
}

Library::~Library() { WSACleanup(); }

std::string describe_error(DWORD error) {
  const char* name = name_of(error);
  const std::string number = std::to_string(error);
  return name != nullptr ? std::string(name) + " (" + number + ")" : "error " + number;
}

bool make_address(const std::string& host, std::uint16_t port, sockaddr_in& address) noexcept {
  address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  return inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1;
}

SOCKET open_tcp_socket() noexcept { return ::socket(AF_INET, SOCK_STREAM, IPPROTO_TCP); }

void disable_nagle(SOCKET socket) noexcept {
  const BOOL on = TRUE;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&on), sizeof(on));
}

void set_receive_buffer(SOCKET socket, int bytes) noexcept {
  setsockopt(socket, SOL_SOCKET, SO_RCVBUF, reinterpret_cast<const char*>(&bytes), sizeof(bytes));
}

void reset_on_close(SOCKET socket) noexcept {
  const linger at_once{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&at_once),
             sizeof(at_once));
}

LPFN_CONNECTEX load_connect_ex(SOCKET socket) noexcept {
  GUID id = WSAID_CONNECTEX;
  LPFN_CONNECTEX connect_ex = nullptr;
  DWORD bytes = 0;
  WSAIoctl(socket, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof(id), &connect_ex,
           sizeof(connect_ex), &bytes, nullptr, nullptr);
  return connect_ex;
}

}  // namespace oversoak::winsock
