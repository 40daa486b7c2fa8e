#include "server/self_test.h"

#include <array>
#include <exception>

#include "io/sockets.h"
#include "server/server.h"
#include "wire/frame.h"

namespace oversoak::server {
namespace {

constexpr std::uint32_t kTimeoutMs = 2000;
constexpr std::uint64_t kSequence = 7;

using Frame = std::array<std::byte, wire::kOverheadBytes + 8>;

// A plain blocking client: the test must not depend on the code under test.
std::optional<std::string> exchange(io::Socket socket, std::uint16_t port) {
  const auto failed = [](const char* what, io::Error error) {
    return std::string(what) + " failed: " + error.describe();
  };
  const io::Address address(io::loopback(port));
  io::set_receive_timeout(socket, kTimeoutMs);
  if (const io::Error error = io::connect_to(socket, address)) return failed("connect", error);
  Frame frame;
  wire::build(frame, {kSequence}, std::array<std::byte, 8>{});
  const io::Transfer sent = io::send_some(socket, frame);
  if (sent.bytes != frame.size()) return failed("send", sent.error);
  Frame echo;
  for (std::size_t received = 0; received < echo.size();) {
    const io::Transfer part = io::receive_some(socket, std::span(echo).subspan(received));
    if (part.error) return failed("the echo", part.error);
    if (part.bytes == 0) return "the server closed the connection";
    received += part.bytes;
  }
  const wire::Parsed parsed = wire::parse(echo, echo.size());
  const bool valid =
      parsed.status == wire::ParseStatus::complete && wire::header_of(echo).sequence == kSequence;
  return valid ? std::nullopt : std::optional<std::string>("the echo was not what was sent");
}

}  // namespace

std::optional<std::string> self_test(const io::NotifierKind& notifier) {
  ServerOptions options;
  options.notifier = notifier;
  options.layout = *layout::find_layout("homo");
  options.host = "127.0.0.1";
  options.game.contents.resize(1);
  try {
    Server server(options);
    const io::Socket socket = io::open_tcp_socket();
    std::optional<std::string> problem = exchange(socket, server.port());
    io::close_socket(socket);
    return problem;
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace oversoak::server
