// A plug-in in C++ that throws out of the function that its options name, for test/plugin.test.ts;
// "int-NAME": something other than an exception of the standard library. Requests and answers are
// the number alone.
#include <oversoak_plugin.h>

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

struct Connection {
  std::string options;
  bool has_heard = false;  // the check of the options hears nothing
};

void throw_out_of(const Connection& connection, const std::string& function) {
  if (connection.options == function) throw std::runtime_error("not\nready");
  if (connection.options == "int-" + function) throw 7;
}

void* begin(const oversoak_session* session, const char**) {
  auto connection = std::make_unique<Connection>(Connection{session->options});
  throw_out_of(*connection, "begin");
  return connection.release();
}

int login(void* state, unsigned char*, size_t, size_t*) {
  throw_out_of(*static_cast<Connection*>(state), "login");
  return OVERSOAK_LOGIN_OVER;
}

size_t say(void* state, uint64_t number, unsigned char* buffer, size_t) {
  throw_out_of(*static_cast<Connection*>(state), "say");
  std::memcpy(buffer, &number, sizeof number);
  return sizeof number;
}

int hear(void* state, const unsigned char* bytes, size_t length, oversoak_heard* heard) {
  auto& connection = *static_cast<Connection*>(state);
  throw_out_of(connection, "hear");
  if (length < sizeof heard->number) return OVERSOAK_MORE;
  connection.has_heard = true;
  heard->consumed = sizeof heard->number;
  std::memcpy(&heard->number, bytes, sizeof heard->number);
  return OVERSOAK_ANSWER;
}

void end(void* state) {
  const std::unique_ptr<Connection> connection(static_cast<Connection*>(state));
  if (connection->has_heard) throw_out_of(*connection, "end");
}

constexpr oversoak_plugin_table kTable{OVERSOAK_PLUGIN_ABI, 0, 8, 8, begin, login, say, hear, end};

}  // namespace

extern "C" OVERSOAK_PLUGIN_EXPORT const oversoak_plugin_table* oversoak_plugin(uint32_t) {
  return &kTable;
}
