// What each command does; commands.cpp names them.
#pragma once
#include "cli/invocation.hpp"

namespace claviger::cli {

int serve(Invocation& in);
int doctor(Invocation& in);
int explain(Invocation& in);
int healthcheck(Invocation& in);
int version(Invocation& in);

int client_add(Invocation& in);
int client_edit(Invocation& in);
int client_list(Invocation& in);
int client_show(Invocation& in);
int client_rm(Invocation& in);
int client_rotate_secret(Invocation& in);

int user_add(Invocation& in);
int user_edit(Invocation& in);
int user_list(Invocation& in);
int user_passwd(Invocation& in);
int user_disable(Invocation& in);
int user_enable(Invocation& in);

int registration_token_add(Invocation& in);
int registration_token_list(Invocation& in);
int registration_token_rm(Invocation& in);

int key_list(Invocation& in);
int key_rotate(Invocation& in);
int key_revoke(Invocation& in);

int node_list(Invocation& in);

int token_inspect(Invocation& in);
int token_verify(Invocation& in);
int token_revoke(Invocation& in);

int try_code(Invocation& in);
int try_device(Invocation& in);
int try_client_credentials(Invocation& in);
int try_refresh(Invocation& in);
int try_exchange(Invocation& in);

int store_status(Invocation& in);
int store_migrate(Invocation& in);
int store_copy(Invocation& in);
int store_new_epoch(Invocation& in);

int backup(Invocation& in);
int restore(Invocation& in);

int config_check(Invocation& in);
int config_show(Invocation& in);
int config_schema(Invocation& in);
int config_example(Invocation& in);

}  // namespace claviger::cli
