#include "io/error.h"

#include "io/windows/winsock.h"

namespace oversoak::io {
namespace {

const char* name_of(std::uint32_t error) noexcept {
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
    case WSAENETRESET:
      return "WSAENETRESET";
    case WSAENOTCONN:
      return "WSAENOTCONN";
    case WSAESHUTDOWN:
      return "WSAESHUTDOWN";
    case WSAEINVAL:
      return "WSAEINVAL";
    case WSAENOTSOCK:
      return "WSAENOTSOCK";
    case WSAEAFNOSUPPORT:
      return "WSAEAFNOSUPPORT";
    case WSAEWOULDBLOCK:
      return "WSAEWOULDBLOCK";
    case ERROR_NETNAME_DELETED:
      return "ERROR_NETNAME_DELETED";
    case ERROR_CONNECTION_REFUSED:
      return "ERROR_CONNECTION_REFUSED";
    case ERROR_CONNECTION_ABORTED:
      return "ERROR_CONNECTION_ABORTED";
    case ERROR_HOST_UNREACHABLE:
      return "ERROR_HOST_UNREACHABLE";
    case ERROR_NETWORK_UNREACHABLE:
      return "ERROR_NETWORK_UNREACHABLE";
    case ERROR_SEM_TIMEOUT:
      return "ERROR_SEM_TIMEOUT";
    case WSA_OPERATION_ABORTED:
      return "WSA_OPERATION_ABORTED";
    default:
      return nullptr;
  }
}

}  // namespace

Error Error::last() noexcept { return Error(static_cast<std::uint32_t>(WSAGetLastError())); }

Error Error::cancelled() noexcept { return Error(WSA_OPERATION_ABORTED); }

bool Error::would_block() const noexcept { return number_ == WSAEWOULDBLOCK; }

// WSAECONNABORTED is what Windows makes of a reset that it noticed while it was sending.
bool Error::is_reset() const noexcept {
  return number_ == WSAECONNRESET || number_ == WSAECONNABORTED || number_ == WSAENETRESET ||
         number_ == ERROR_NETNAME_DELETED;
}

bool Error::is_own_shortage() const noexcept {
  switch (number_) {
    case WSAEADDRINUSE:
    case WSAEADDRNOTAVAIL:
    case WSAEMFILE:
    case WSAENOBUFS:
    case WSA_NOT_ENOUGH_MEMORY:
      return true;
    default:
      return false;
  }
}

std::string Error::describe() const {
  const char* name = name_of(number_);
  const std::string number = std::to_string(number_);
  return name != nullptr ? std::string(name) + " (" + number + ")" : "error " + number;
}

}  // namespace oversoak::io
