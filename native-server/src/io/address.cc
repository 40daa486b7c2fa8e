#include "io/address.h"

#include <array>

namespace oversoak::io {

std::optional<Address> Address::parse(const std::string& host, std::uint16_t port) noexcept {
  Address address;
  if (inet_pton(AF_INET, host.c_str(), &address.name_.v4.sin_addr) == 1) {
    address.name_.v4.sin_family = AF_INET;
    address.name_.v4.sin_port = htons(port);
    return address;
  }
  address = {};
  if (inet_pton(AF_INET6, host.c_str(), &address.name_.v6.sin6_addr) != 1) return std::nullopt;
  address.name_.v6.sin6_family = AF_INET6;
  address.name_.v6.sin6_port = htons(port);
  return address;
}

// The zeroes of the rest are the address that stands for all.
Address Address::any_of(int family) noexcept {
  Address address;
  if (family == AF_INET6) {
    address.name_.v6.sin6_family = AF_INET6;
  } else {
    address.name_.v4.sin_family = AF_INET;
  }
  return address;
}

std::uint16_t Address::port() const noexcept {
  return ntohs(family() == AF_INET6 ? name_.v6.sin6_port : name_.v4.sin_port);
}

std::string Address::text() const {
  const bool v6 = family() == AF_INET6;
  std::array<char, INET6_ADDRSTRLEN> host{};
  const void* bytes = v6 ? static_cast<const void*>(&name_.v6.sin6_addr) : &name_.v4.sin_addr;
  inet_ntop(family(), bytes, host.data(), host.size());
  const std::string text = host.data();
  return (v6 ? "[" + text + "]" : text) + ":" + std::to_string(port());
}

sockaddr_in loopback(std::uint16_t port) noexcept {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace oversoak::io
