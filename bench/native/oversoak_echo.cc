// The product's server without Node: one IO thread, until it is killed. Arguments: port file,
// notifier, layout, protocol, and optionally the address to listen on.
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "layout/layout.h"
#include "open_files.h"
#include "server/server.h"

using namespace oversoak;

namespace {

// Without work; players of hetero stay in the first.
game::Game game_of(std::size_t contents) {
  game::Game game;
  game.contents.resize(contents);
  for (std::size_t i = 0; i < contents; ++i) game.contents[i].name = std::to_string(i);
  return game;
}

}  // namespace

int main(int argc, char** argv) {
  const bool complete = argc == 5 || argc == 6;
  const io::NotifierKind* notifier = complete ? io::find_notifier(argv[2]) : nullptr;
  const layout::LayoutKind* layout = complete ? layout::find_layout(argv[3]) : nullptr;
  const auto protocol = complete ? wire::find_protocol(argv[4]) : std::nullopt;
  if (notifier == nullptr || layout == nullptr || !protocol) {
    std::fprintf(stderr, "usage: oversoak_echo PORT_FILE NOTIFIER LAYOUT PROTOCOL [HOST]\n");
    return 2;
  }
  raise_open_files();
  server::ServerOptions options;
  options.notifier = *notifier;
  options.layout = *layout;
  options.protocol = *protocol;
  options.host = argc == 6 ? argv[5] : "127.0.0.1";
  options.game = game_of(layout->name == "homo" ? 1 : 3);
  options.threads_per_content = layout->name == "homo" ? 0 : 1;
  try {
    server::Server server(options);
    std::FILE* file = std::fopen(argv[1], "w");
    if (file == nullptr) return 1;
    std::fprintf(file, "%u\n", static_cast<unsigned>(server.port()));
    std::fclose(file);
    for (;;) pause();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
