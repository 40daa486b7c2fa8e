#include "addon/server_options.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oversoak::addon {
namespace {

using server::Duplex;
using server::ServerOptions;

std::optional<Duplex> find_duplex(std::string_view name) {
  if (name == "full") return Duplex::full;
  if (name == "half") return Duplex::half;
  return std::nullopt;
}

std::optional<game::LockKind> find_lock(std::string_view name) {
  if (name == "mutex") return game::LockKind::mutex;
  if (name == "srwlock") return game::LockKind::srwlock;
  if (name == "sharded") return game::LockKind::sharded;
  return std::nullopt;
}

std::optional<game::QueueKind> find_queue(std::string_view name) {
  if (name == "locked") return game::QueueKind::locked;
  if (name == "lock-free") return game::QueueKind::lock_free;
  return std::nullopt;
}

std::optional<server::ZonePolicy> find_policy(std::string_view name) {
  if (name == "close") return server::ZonePolicy::close;
  if (name == "drop") return server::ZonePolicy::drop;
  if (name == "newest") return server::ZonePolicy::newest;
  return std::nullopt;
}

using Names = std::vector<std::string>;

// Index of a content's name; nothing where there is none of that name.
std::optional<std::size_t> find_content(const Names& names, std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i;
  }
  return std::nullopt;
}

game::Content read_content(const Fields& fields, const Names& names) {
  game::Content content;
  content.name = fields.text("name");
  if (fields.has("mix")) {
    content.kinds.clear();
    for (const Fields& kind : fields.array("mix")) {
      content.kinds.push_back({kind.number("share"), kind.number("workUs")});
    }
  } else {
    content.kinds.front().work_us = fields.number("workUs");
  }
  if (fields.has("ticksPerSecond")) content.ticks_per_second = fields.number("ticksPerSecond");
  const Fields moves = fields.object("moves");
  for (const std::string& name : moves.names()) {
    const auto to = find_content(names, name);
    if (!to) throw moves.wrong(name.c_str(), "a content of the game");
    content.moves.push_back({*to, moves.number(name.c_str())});
  }
  return content;
}

game::Game read_game(const Fields& fields) {
  game::Game game;
  const std::vector<Fields> contents = fields.array("contents");
  Names names;
  for (const Fields& content : contents) names.push_back(content.text("name"));
  game.contents.clear();
  for (const Fields& content : contents) game.contents.push_back(read_content(content, names));
  game.container_lock = fields.choice("containerLock", find_lock);
  game.content_queue = fields.choice("contentQueue", find_queue);
  game.queue_limit = fields.integer<std::size_t>("queueLimit");
  return game;
}

game::ZoneTickSettings read_zone_ticks(const Fields& zones) {
  const game::ZoneTickSettings ticks{zones.number("ticksPerSecond"),
                                     zones.integer<std::size_t>("tickBytes")};
  if (ticks.bytes < wire::kOverheadBytes) throw zones.wrong("tickBytes", "64 or more");
  return ticks;
}

server::FaultSettings read_fault(const Fields& fields, const game::Game& game) {
  const auto number = [&fields](const char* name) {
    return fields.has(name) ? fields.integer<std::uint32_t>(name) : 0;
  };
  server::FaultSettings fault;
  fault.corrupt_every = number("corruptEvery");
  fault.drop_every = number("dropEvery");
  fault.duplicate_every = number("duplicateEvery");
  fault.leak_bytes_per_accept = number("leakBytesPerAccept");
  fault.leak_handles_per_accept = number("leakHandlesPerAccept");
  fault.leak_sockets_per_accept = number("leakSocketsPerAccept");
  fault.stale_every = number("staleEvery");
  fault.contents.misroute_every = number("misrouteEvery");
  fault.zones.drop_every = number("zoneDropEvery");
  fault.zones.duplicate_every = number("zoneDuplicateEvery");
  fault.zones.swap_every = number("zoneSwapEvery");
  fault.zones.after_leave_every = number("zoneAfterLeaveEvery");
  if (fields.has("stallContent")) {
    const Fields stall = fields.object("stallContent");
    Names names;
    for (const game::Content& content : game.contents) names.push_back(content.name);
    fault.contents.stall_content = stall.choice(
        "content", [&names](const std::string& name) { return find_content(names, name); });
    fault.contents.stall_every = stall.integer<std::uint32_t>("every");
    fault.contents.stall_ms = stall.integer<std::uint32_t>("stallMs");
  }
  return fault;
}

}  // namespace

ServerOptions read_server_options(const Fields& fields) {
  ServerOptions options;
  options.notifier = fields.choice("notifier", io::find_notifier);
  options.layout = fields.choice("layout", layout::find_layout);
  options.duplex = fields.choice("duplex", find_duplex);
  options.protocol = fields.choice("protocol", wire::find_protocol);
  options.host = fields.text("host");
  options.port = fields.integer<std::uint16_t>("port");
  options.backlog = fields.integer<int>("backlog");
  const Fields threads = fields.object("threads");
  options.threads_requested.io = threads.integer<std::size_t>("io");
  options.threads_requested.content = threads.integer<std::size_t>("content");
  const Fields plan = fields.object("plan");
  options.io_threads = plan.integer<std::size_t>("io");
  options.threads_per_content = plan.integer<std::size_t>("perContent");
  options.game = read_game(fields.object("game"));
  if (fields.has("zones")) {
    if (options.protocol != wire::Protocol::oversoak) {
      throw fields.wrong("zones", "left out: only the protocol \"oversoak\" has zones");
    }
    if (options.duplex != Duplex::full) {
      throw fields.wrong("zones", "left out: zones need \"full\" duplex");
    }
    const Fields zones = fields.object("zones");
    options.zones = server::ZoneOptions{zones.choice("policy", find_policy)};
    options.game.zone_ticks = read_zone_ticks(zones);
  }
  options.max_frame_bytes = fields.integer<std::size_t>("maxFrameBytes");
  options.send_queue_bytes = fields.integer<std::size_t>("sendQueueBytes");
  const Fields iocp = fields.object("iocp");
  options.iocp.skip_on_success = iocp.boolean("skipCompletionPortOnSuccess");
  options.iocp.inline_rounds = iocp.integer<std::uint32_t>("inlineRounds");
  if (fields.has("spinTurnsPerUs")) options.spin_turns_per_us = fields.number("spinTurnsPerUs");
  if (fields.has("fault")) options.fault = read_fault(fields.object("fault"), options.game);
  return options;
}

}  // namespace oversoak::addon
