#include "app/app.hpp"

#include <csignal>
#include <string>
#include <vector>

#include "app/backup_commands.hpp"
#include "app/doctor.hpp"
#include "app/serve.hpp"
#include "app/store_commands.hpp"
#include "app/transport.hpp"
#include "app/try/try_flow.hpp"
#include "cli/cli.hpp"

namespace claviger::app {

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  // A limit on file sizes is then an error of the write, as a full disk is, and not the end.
  std::signal(SIGXFSZ, SIG_IGN);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const cli::Hooks hooks{.serve = serve,
                         .connect = connect,
                         .probe = probe,
                         .doctor = examine,
                         .look_at_store = look_at_store,
                         .migrate_store = migrate_store,
                         .copy_store = copy_store,
                         .raise_epoch = raise_epoch,
                         .back_up = back_up,
                         .restore = restore,
                         .try_flow = try_flow};
  return cli::run(arguments, hooks);
}

}  // namespace claviger::app
