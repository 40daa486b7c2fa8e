#include "addon/server_handle.h"

#include <memory>

#include "addon/blocking.h"
#include "addon/fields.h"
#include "addon/record.h"
#include "addon/server_options.h"
#include "server/server.h"

namespace oversoak::addon {
namespace {

using server::Server;
using server::ServerFigures;
using server::ServerOptions;

Record operations(Napi::Env env, const server::OperationTotals& totals) {
  return Record(env)
      .count("atOnce", totals.at_once)
      .count("pending", totals.pending)
      .count("failed", totals.failed);
}

Record thread_counts(Napi::Env env, const server::ThreadCounts& threads) {
  return Record(env)
      .count("io", std::uint64_t{threads.io})
      .count("content", std::uint64_t{threads.content});
}

Napi::Array contents(Napi::Env env, const ServerOptions& options, const ServerFigures& figures) {
  Napi::Array array = Napi::Array::New(env);
  for (std::uint32_t i = 0; i < figures.contents.size(); ++i) {
    const server::ContentTotals& totals = figures.contents[i];
    array.Set(i, Record(env)
                     .set("name", options.game.contents[i].name)
                     .count("threads", std::uint64_t{totals.threads})
                     .count("handled", totals.handled)
                     .count("arrivals", totals.arrivals)
                     .count("hops", totals.hops)
                     .count("rerouted", totals.rerouted)
                     .set("workSeconds", static_cast<double>(totals.work_ns) * 1e-9)
                     .set("queueDepth", Record(env)
                                            .count("max", totals.depth_max)
                                            .count("sum", totals.depth_sum)
                                            .count("looks", totals.depth_looks))
                     .object());
  }
  return array;
}

Record histograms(Napi::Env env, const ServerOptions& options, const ServerFigures& figures) {
  Record queue_wait(env);
  for (std::size_t i = 0; i < figures.contents.size(); ++i) {
    queue_wait.set(options.game.contents[i].name.c_str(), figures.contents[i].queue_wait);
  }
  Record record(env);
  record.set("lockWait", figures.lock_wait)
      .set("moveLatency", figures.move_latency)
      .set("queueWait", queue_wait);
  if (options.game.zone_ticks.per_second > 0) record.set("tickLateness", figures.tick_lateness);
  return record;
}

Record zones(Napi::Env env, const server::ZoneTotals& totals) {
  return Record(env)
      .count("joins", totals.joins)
      .count("leaves", totals.leaves)
      .count("live", totals.live)
      .count("broadcasts", totals.broadcasts)
      .count("mailed", totals.mailed)
      .count("copies", totals.copies)
      .count("dropped", totals.dropped)
      .count("replaced", totals.replaced)
      .count("closed", totals.closed)
      .count("backlogMaxBytes", totals.backlog_max_bytes)
      .count("payloads", totals.messages_made)
      .count("ticks", totals.ticks)
      .count("ticksSkipped", totals.ticks_skipped);
}

Napi::Value snapshot(Napi::Env env, Server& server) {
  const ServerFigures figures = server.figures();
  const ServerOptions& options = server.options();
  Record record(env);
  record.set("notifier", options.notifier.name)
      .set("layout", options.layout.name)
      .set("protocol", wire::name_of(options.protocol))
      .set("elapsedSeconds", figures.elapsed_seconds)
      .set("sessions", Record(env)
                           .count("accepted", figures.accepted)
                           .count("live", figures.accepted - figures.closed)
                           .count("closed", figures.closed))
      .set("frames", Record(env)
                         .count("received", figures.frames_received)
                         .count("echoed", figures.frames_echoed)
                         .count("discarded", figures.frames_discarded))
      .set("bytes",
           Record(env).count("received", figures.bytes_received).count("sent", figures.bytes_sent))
      .set("receives", operations(env, figures.receives))
      .set("sends", operations(env, figures.sends))
      .set("completions", Record(env)
                              .count("total", figures.completions)
                              .count("batches", figures.batches)
                              .count("largestBatch", figures.largest_batch))
      .set("errors", Record(env).set_each(metrics::kServerErrorNames, figures.errors.by_class))
      .set("players", Record(env)
                          .count("joins", figures.players.joins)
                          .count("leaves", figures.players.leaves)
                          .count("live", figures.players.live))
      .set("container", Record(env)
                            .count("lookups", figures.container_lookups)
                            .count("changes", figures.container_changes))
      .count("moves", figures.moves)
      .put("contents", contents(env, options, figures))
      .set("histograms", histograms(env, options, figures))
      .set("threadsRequested", thread_counts(env, options.threads_requested))
      .set("threadsRan", thread_counts(env, figures.threads_ran))
      .put("threads", threads_record(env, figures.threads))
      .set("process", process_record(env));
  if (options.zones) record.set("zones", zones(env, figures.zones));
  return record.object();
}

Record error_record(Napi::Env env, const layout::ErrorEvidence& evidence) {
  Record record(env);
  record.set("class", metrics::kServerErrorNames[static_cast<std::size_t>(evidence.error)])
      .set("atMachineMs", static_cast<double>(evidence.at_ns) / 1e6)
      .set("what", evidence.what);
  // What is not known is left out. Players are counted from 1.
  if (evidence.player) record.count("session", *evidence.player - 1);
  if (evidence.peer) record.set("peer", std::string_view(evidence.peer.text()));
  if (evidence.code) record.set("code", std::string_view(evidence.code.describe()));
  if (evidence.message) record.count("message", *evidence.message);
  if (evidence.got.size > 0) record.set("gotHex", std::string_view(hex_of(evidence.got)));
  return record;
}

Napi::Array first_errors_array(Napi::Env env, const std::vector<layout::ErrorEvidence>& errors) {
  Napi::Array array = Napi::Array::New(env, errors.size());
  for (std::uint32_t i = 0; i < errors.size(); ++i) {
    array.Set(i, error_record(env, errors[i]).object());
  }
  return array;
}

}  // namespace

Napi::Value start_server(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) throw Napi::TypeError::New(env, "options: must be an object");
  const ServerOptions options = read_server_options(Fields(info[0].As<Napi::Object>(), ""));
  // Shared by the handle's two functions; the last one to go stops it.
  const auto server = std::make_shared<Server>(options);
  return Record(env)
      .count("port", std::uint64_t{server->port()})
      .put("snapshot", Napi::Function::New(env,
                                           [server](const Napi::CallbackInfo& call) {
                                             return snapshot(call.Env(), *server);
                                           }))
      .put("firstErrors", Napi::Function::New(env,
                                              [server](const Napi::CallbackInfo& call) {
                                                return first_errors_array(call.Env(),
                                                                          server->first_errors());
                                              }))
      .put("stop",
           Napi::Function::New(env,
                               [server](const Napi::CallbackInfo& call) -> Napi::Value {
                                 return Blocking::start(
                                     call.Env(), [server] { server->stop(); },
                                     [server](Napi::Env at) { return snapshot(at, *server); });
                               }))
      .object();
}

}  // namespace oversoak::addon
