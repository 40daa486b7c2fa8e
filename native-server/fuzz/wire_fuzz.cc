// libFuzzer on the wire: npm run fuzz. The first byte says which side takes the bytes, in which
// protocol; the highest ones: a fleet with a described protocol, a member of a zone.
#include <array>
#include <cstddef>
#include <cstdint>

#include "sides.h"

using oversoak::fuzz::Input;
using oversoak::wire::Protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint8_t kZone = 0xD8;
  constexpr std::uint8_t kFramed = 0xE0;
  constexpr std::array kProtocols{Protocol::oversoak, Protocol::echo8, Protocol::raw};
  Input input(std::as_bytes(std::span(data, size)));
  const std::uint8_t choice = input.byte();
  if (choice >= kFramed) {
    oversoak::fuzz::try_framed(static_cast<std::uint8_t>(choice - kFramed), input);
    return 0;
  }
  if (choice >= kZone) {
    oversoak::fuzz::try_zone(input);
    return 0;
  }
  const Protocol protocol = kProtocols[choice / 2 % kProtocols.size()];
  if (choice % 2 == 0) {
    oversoak::fuzz::try_server(protocol, input);
  } else {
    oversoak::fuzz::try_fleet(protocol, input);
  }
  return 0;
}
