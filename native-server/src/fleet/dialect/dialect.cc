#include "fleet/dialect/dialect.h"

#include <utility>

#include "fatal.h"
#include "fleet/dialect/echo8_dialect.h"
#include "fleet/dialect/oversoak_dialect.h"
#include "fleet/dialect/raw_dialect.h"

namespace oversoak::fleet {

std::unique_ptr<Dialect> make_dialect(wire::Protocol protocol, MessageSizes sizes, SizeMix answers,
                                      Random& random) {
  if (!answers.empty() && protocol != wire::Protocol::oversoak) {
    fatal("answers of another size in a protocol that has none");
  }
  switch (protocol) {
    case wire::Protocol::oversoak:
      return std::make_unique<OversoakDialect>(sizes, std::move(answers), random);
    case wire::Protocol::echo8:
      return std::make_unique<Echo8Dialect>();
    case wire::Protocol::raw:
      return std::make_unique<RawDialect>(sizes, random);
  }
  fatal("a protocol that a fleet does not speak");
}

std::span<std::byte> append(Conversation& conversation, std::size_t size) {
  const auto room = conversation.outbox.append(size);
  if (room.empty()) fatal("a client's window let more out than its outbox holds");
  return room;
}

std::vector<std::byte> payload_source(std::size_t size, Random& random) {
  std::vector<std::byte> source(size);
  for (std::byte& byte : source) byte = static_cast<std::byte>(random.next() & 0xFF);
  return source;
}

}  // namespace oversoak::fleet
