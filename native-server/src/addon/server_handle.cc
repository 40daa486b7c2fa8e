#include "addon/server_handle.h"

#include <memory>

#include "addon/fields.h"
#include "addon/record.h"
#include "addon/stopping.h"
#include "server/server.h"

namespace oversoak::addon {
namespace {

using server::Server;
using server::ServerFigures;
using server::ServerOptions;

server::FaultSettings read_fault(const Fields& fields) {
  const auto every = [&fields](const char* name) {
    return fields.has(name) ? fields.integer<std::uint32_t>(name) : 0;
  };
  return {every("corruptEvery"), every("dropEvery"), every("duplicateEvery")};
}

ServerOptions read_options(const Fields& fields) {
  ServerOptions options;
  options.notifier = fields.choice("notifier", notify::find_notifier);
  options.layout = fields.choice("layout", layout::find_layout);
  options.host = fields.text("host");
  options.port = fields.integer<std::uint16_t>("port");
  options.backlog = fields.integer<int>("backlog");
  options.io_threads = fields.integer<std::size_t>("ioThreads");
  options.max_frame_bytes = fields.integer<std::size_t>("maxFrameBytes");
  options.send_queue_bytes = fields.integer<std::size_t>("sendQueueBytes");
  const Fields iocp = fields.object("iocp");
  options.iocp.skip_on_success = iocp.boolean("skipCompletionPortOnSuccess");
  options.iocp.inline_rounds = iocp.integer<std::uint32_t>("inlineRounds");
  if (fields.has("fault")) options.fault = read_fault(fields.object("fault"));
  return options;
}

Record operations(Napi::Env env, const server::OperationTotals& totals) {
  return Record(env)
      .count("atOnce", totals.at_once)
      .count("pending", totals.pending)
      .count("failed", totals.failed);
}

Napi::Value snapshot(Napi::Env env, const Server& server) {
  const ServerFigures figures = server.figures();
  return Record(env)
      .set("notifier", notify::name_of(server.options().notifier))
      .set("layout", layout::name_of(server.options().layout))
      .set("elapsedSeconds", figures.elapsed_seconds)
      .set("sessions", Record(env)
                           .count("accepted", figures.accepted)
                           .count("live", figures.accepted - figures.closed)
                           .count("closed", figures.closed))
      .set("frames", Record(env)
                         .count("received", figures.frames_received)
                         .count("echoed", figures.frames_echoed))
      .set("bytes",
           Record(env).count("received", figures.bytes_received).count("sent", figures.bytes_sent))
      .set("receives", operations(env, figures.receives))
      .set("sends", operations(env, figures.sends))
      .set("completions", Record(env)
                              .count("total", figures.completions)
                              .count("batches", figures.batches)
                              .count("largestBatch", figures.largest_batch))
      .set("errors", Record(env)
                         .count("acceptFailed", figures.accept_failed)
                         .count("malformedFrame", figures.malformed_frames)
                         .count("oversizedFrame", figures.oversized_frames)
                         .count("checksumMismatch", figures.checksum_mismatches)
                         .count("sendOverflow", figures.send_overflows)
                         .count("receiveFailed", figures.receives_failed)
                         .count("sendFailed", figures.sends_failed))
      .count("ioThreadsAsked", server.options().io_threads)
      .count("ioThreadsRan", figures.io_threads)
      .put("threads", threads_record(env, figures.threads))
      .set("process", process_record(env))
      .object();
}

}  // namespace

Napi::Value start_server(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) throw Napi::TypeError::New(env, "options: must be an object");
  const ServerOptions options = read_options(Fields(info[0].As<Napi::Object>(), ""));
  // Shared by the handle's two functions; the last one to go stops it.
  const auto server = std::make_shared<Server>(options);
  return Record(env)
      .count("port", std::uint64_t{server->port()})
      .put("snapshot", Napi::Function::New(env,
                                           [server](const Napi::CallbackInfo& call) {
                                             return snapshot(call.Env(), *server);
                                           }))
      .put("stop",
           Napi::Function::New(env,
                               [server](const Napi::CallbackInfo& call) -> Napi::Value {
                                 return Stopping::start(
                                     call.Env(), [server] { server->stop(); },
                                     [server](Napi::Env at) { return snapshot(at, *server); });
                               }))
      .object();
}

}  // namespace oversoak::addon
