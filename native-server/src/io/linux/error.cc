#include "io/error.h"

#include <cerrno>

namespace oversoak::io {
namespace {

const char* name_of(std::uint32_t error) noexcept {
  switch (error) {
    case EACCES:
      return "EACCES";
    case EADDRINUSE:
      return "EADDRINUSE";
    case EADDRNOTAVAIL:
      return "EADDRNOTAVAIL";
    case ECONNABORTED:
      return "ECONNABORTED";
    case ECONNREFUSED:
      return "ECONNREFUSED";
    case ECONNRESET:
      return "ECONNRESET";
    case EMFILE:
      return "EMFILE";
    case ENFILE:
      return "ENFILE";
    case ENETDOWN:
      return "ENETDOWN";
    case ENETUNREACH:
      return "ENETUNREACH";
    case ENOBUFS:
      return "ENOBUFS";
    case ENOMEM:
      return "ENOMEM";
    case ENOSYS:
      return "ENOSYS";
    case EPERM:
      return "EPERM";
    case EPIPE:
      return "EPIPE";
    case EHOSTUNREACH:
      return "EHOSTUNREACH";
    case ETIMEDOUT:
      return "ETIMEDOUT";
    case ENOTCONN:
      return "ENOTCONN";
    case EINVAL:
      return "EINVAL";
    case EBADF:
      return "EBADF";
    case EAFNOSUPPORT:
      return "EAFNOSUPPORT";
    case ECANCELED:
      return "ECANCELED";
    case EAGAIN:
      return "EAGAIN";
    default:
      return nullptr;
  }
}

}  // namespace

Error Error::last() noexcept { return Error(static_cast<std::uint32_t>(errno)); }

Error Error::cancelled() noexcept { return Error(ECANCELED); }

bool Error::would_block() const noexcept { return number_ == EAGAIN; }

// After the reset was reported to an earlier call, a send fails with EPIPE.
bool Error::is_reset() const noexcept {
  return number_ == ECONNRESET || number_ == EPIPE || number_ == ECONNABORTED;
}

bool Error::is_own_shortage() const noexcept {
  switch (number_) {
    case EADDRINUSE:
    case EADDRNOTAVAIL:
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
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
