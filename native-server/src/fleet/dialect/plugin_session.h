#pragma once

#include <cstdint>
#include <memory>

#include "fleet/plugin/plugin.h"

namespace oversoak::fleet {

struct EndPluginState {
  const Plugin* plugin = nullptr;
  void operator()(void* state) const noexcept { plugin->end(state); }
};

// One connection of a plug-in's protocol. The dialect outlives it.
struct PluginSession {
  void begin(const Plugin& plugin, std::uint64_t session, std::uint64_t seed) {
    state.reset();
    state = {plugin.begin(session, connections, seed), EndPluginState{&plugin}};
    ++connections;
  }

  std::unique_ptr<void, EndPluginState> state;
  std::uint64_t connections = 0;
};

}  // namespace oversoak::fleet
