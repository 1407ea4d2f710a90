# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_lea_global_optspecs
    string join \n server= token-file= data-dir= config= ca-cert= timeout= json color= v/verbose q/quiet h/help V/version
end

function __fish_lea_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_lea_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_lea_using_subcommand
    set -l cmd (__fish_lea_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c lea -n "__fish_lea_needs_command" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_needs_command" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_needs_command" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_needs_command" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_needs_command" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_needs_command" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_needs_command" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_needs_command" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_needs_command" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_needs_command" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_needs_command" -s V -l version -d 'Print version'
complete -c lea -n "__fish_lea_needs_command" -f -a "serve" -d 'Run the server'
complete -c lea -n "__fish_lea_needs_command" -f -a "enroll" -d 'Enroll this machine'
complete -c lea -n "__fish_lea_needs_command" -f -a "fleet" -d 'Look after the machines: list, show, uninstall, tokens, keys'
complete -c lea -n "__fish_lea_needs_command" -f -a "session" -d 'Look after recorded sessions: list, show, close, export, purge'
complete -c lea -n "__fish_lea_needs_command" -f -a "replay" -d 'Start replays, watch them, decide where one waits, and play an agent'
complete -c lea -n "__fish_lea_needs_command" -f -a "sync" -d 'Keep skills and workflows at hand, also when the server is not'
complete -c lea -n "__fish_lea_needs_command" -f -a "resolve" -d 'Find a target on a screenshot, offline'
complete -c lea -n "__fish_lea_needs_command" -f -a "elements" -d 'List what is on a screenshot: buttons, fields, texts, offline'
complete -c lea -n "__fish_lea_needs_command" -f -a "anchor" -d 'Check pictures by which targets are found, offline'
complete -c lea -n "__fish_lea_needs_command" -f -a "compare" -d 'Tell what changed between two screenshots, offline'
complete -c lea -n "__fish_lea_needs_command" -f -a "update" -d 'Ask for updates, stage and verify them; publish and roll them out'
complete -c lea -n "__fish_lea_needs_command" -f -a "competence" -d 'Keep learned skills: name, check, store, read, promote and audit them'
complete -c lea -n "__fish_lea_needs_command" -f -a "doctor" -d 'Check what usually goes wrong, and say how to mend it'
complete -c lea -n "__fish_lea_needs_command" -f -a "config" -d 'Show the settings in force and where each came from'
complete -c lea -n "__fish_lea_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c lea -n "__fish_lea_needs_command" -f -a "man" -d 'Write the man pages into a folder'
complete -c lea -n "__fish_lea_using_subcommand serve" -l listen -d 'Address and port to listen on; port 0 picks a free one [env: LEA_SERVER_LISTEN; default: 127.0.0.1:5005]' -r
complete -c lea -n "__fish_lea_using_subcommand serve" -l database -d 'SQLite database [env: LEA_DATABASE, RPA_AGENTS_DB_PATH; default: lea.db in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand serve" -l tls-cert -d 'Certificate chain, PEM; read again when it changes [env: LEA_SERVER_TLS_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand serve" -l tls-key -d 'Private key of the certificate, PEM [env: LEA_SERVER_TLS_KEY]' -r -F
complete -c lea -n "__fish_lea_using_subcommand serve" -l log-format -d 'How the log on standard error is written [env: LEA_LOG_FORMAT; default: text]' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c lea -n "__fish_lea_using_subcommand serve" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand serve" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand serve" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand serve" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand serve" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand serve" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand serve" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand serve" -l behind-proxy -d 'A proxy in front does TLS and says in X-Forwarded-For who calls [env: LEA_SERVER_BEHIND_PROXY]'
complete -c lea -n "__fish_lea_using_subcommand serve" -l insecure-http -d 'Listen beyond loopback without TLS: tokens and screens travel in clear [env: LEA_SERVER_INSECURE_HTTP]'
complete -c lea -n "__fish_lea_using_subcommand serve" -l check -d 'Check the settings and the database, change nothing, and exit'
complete -c lea -n "__fish_lea_using_subcommand serve" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand serve" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand serve" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand enroll" -l machine-id -d 'Id of this machine [default: the one that it is enrolled as at this server, else the operating system\'s own]' -r
complete -c lea -n "__fish_lea_using_subcommand enroll" -l user-name -d 'Name of the person at this machine' -r
complete -c lea -n "__fish_lea_using_subcommand enroll" -l user-email -d 'Their e-mail address' -r -f
complete -c lea -n "__fish_lea_using_subcommand enroll" -l user-id -d 'Their id in the organisation' -r
complete -c lea -n "__fish_lea_using_subcommand enroll" -l hostname -d 'Name of this machine on its network [default: detected]' -r -f -a "(__fish_print_hostnames)"
complete -c lea -n "__fish_lea_using_subcommand enroll" -l os-info -d 'Operating system and version [default: detected]' -r
complete -c lea -n "__fish_lea_using_subcommand enroll" -l agent-version -d 'Version of the agent on this machine' -r
complete -c lea -n "__fish_lea_using_subcommand enroll" -l key-file -d 'File that holds an enrollment key, used instead of a token' -r -F
complete -c lea -n "__fish_lea_using_subcommand enroll" -l credentials-file -d 'Where to keep the machine\'s token [default: credentials.json in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand enroll" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand enroll" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand enroll" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand enroll" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand enroll" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand enroll" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand enroll" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand enroll" -l no-reactivate -d 'Refuse if this machine was uninstalled before, instead of bringing it back'
complete -c lea -n "__fish_lea_using_subcommand enroll" -l force -d 'Operators: issue a new token although the machine is active; its old one dies'
complete -c lea -n "__fish_lea_using_subcommand enroll" -l show-token -d 'Print the machine\'s token too'
complete -c lea -n "__fish_lea_using_subcommand enroll" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand enroll" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand enroll" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand enroll" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -f -a "list" -d 'List the machines, newest enrollment first'
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -f -a "show" -d 'Show one machine'
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -f -a "history" -d 'Show everything that happened to a machine'
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -f -a "uninstall" -d 'Take a machine out of the fleet; its token is dead from then on'
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -f -a "rotate-token" -d 'Give a machine a new token and print it; the old one is dead from then on'
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -f -a "export" -d 'Write the machines as CSV or JSON'
complete -c lea -n "__fish_lea_using_subcommand fleet; and not __fish_seen_subcommand_from list show history uninstall rotate-token export key" -f -a "key" -d 'Look after enrollment keys, which installers carry instead of the operator\'s token'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l status -d 'Only machines of this status' -r -f -a "active\t'Enrolled'
uninstalled\t'Taken out of the fleet'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l stale -d 'Only machines that were not heard of for so long, such as 90m, 24h or 7d; active ones unless --status says otherwise' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l version -d 'Only machines whose agent has this version' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l sort -d 'What to sort by' -r -f -a "enrolled\t'Newest enrollment first'
seen\t'Longest silence first'
machine\t'By id'
version\t'By version'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l conflicts -d 'Show the enrollments that contradicted an active machine and are not settled'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from show" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from show" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from show" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from show" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from show" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from show" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from show" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from history" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from history" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from history" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from history" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from history" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from history" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from history" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from history" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from history" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from history" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from uninstall" -l reason -d 'Why, for the history' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from uninstall" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from uninstall" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from uninstall" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from uninstall" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from uninstall" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from uninstall" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from uninstall" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from uninstall" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from uninstall" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from uninstall" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from rotate-token" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from rotate-token" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from rotate-token" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from rotate-token" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from rotate-token" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from rotate-token" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from rotate-token" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from rotate-token" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from rotate-token" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from rotate-token" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from rotate-token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l status -d 'Only machines of this status' -r -f -a "active\t'Enrolled'
uninstalled\t'Taken out of the fleet'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l stale -d 'Only machines that were not heard of for so long, such as 90m, 24h or 7d; active ones unless --status says otherwise' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l version -d 'Only machines whose agent has this version' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l sort -d 'What to sort by' -r -f -a "enrolled\t'Newest enrollment first'
seen\t'Longest silence first'
machine\t'By id'
version\t'By version'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l format -d 'How to write them; with --json as JSON, else as CSV, unless said otherwise' -r -f -a "csv\t'Comma-separated values with a header line'
json\t'One JSON array'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -s o -l output -d 'File to write, readable by its owner alone; standard output without it' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -f -a "create" -d 'Make a key and print it; it is told this once'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -f -a "list" -d 'List the keys, newest first'
complete -c lea -n "__fish_lea_using_subcommand fleet; and __fish_seen_subcommand_from key" -f -a "revoke" -d 'Revoke a key; it enrolls nobody from then on'
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -f -a "list" -d 'List the sessions, the last heard of first'
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -f -a "show" -d 'Show one session'
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -f -a "finalize" -d 'Close a session\'s recording and have it verified'
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -f -a "export" -d 'Write a recording (events and shots) as a ZIP'
complete -c lea -n "__fish_lea_using_subcommand session; and not __fish_seen_subcommand_from list show finalize export purge" -f -a "purge" -d 'Remove recordings that are older than they are to be kept'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -l machine -d 'Only sessions of this machine; `default` for those of none' -r
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -l active -d 'Only sessions whose recording is not closed'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from show" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from show" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from show" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from show" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from show" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from show" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from show" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from finalize" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from finalize" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from finalize" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from finalize" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from finalize" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from finalize" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from finalize" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from finalize" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from finalize" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from finalize" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from finalize" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -s o -l output -d 'Where to write the archive [default: SESSION.zip in this folder]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -l force -d 'Replace a file that is there'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -l older-than -d 'Remove what was not heard of for so long, such as 30d or 12h [default: session.keep_days]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -l dry-run -d 'Only say what would be removed'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand session; and __fish_seen_subcommand_from purge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -f -a "start" -d 'Start a replay of a workflow'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -f -a "raw" -d 'Start a replay of actions from a file'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -f -a "single" -d 'Queue one action'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -f -a "list" -d 'List replays, the newest first'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -f -a "show" -d 'Show a replay: every attempt, what is out, what it waits for'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -f -a "watch" -d 'Watch a replay until it is over; Ctrl-C stops watching, not the replay'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -f -a "cancel" -d 'End a replay'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -f -a "pause" -d 'Stop a replay for a while'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -f -a "resume" -d 'Let a replay go on; a stalled one with a decision'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -f -a "expand" -d 'Show the actions of a workflow, without a server'
complete -c lea -n "__fish_lea_using_subcommand replay; and not __fish_seen_subcommand_from start raw single list show watch cancel pause resume expand simulate" -f -a "simulate" -d 'Play an agent without a desktop, to try a server out'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l machine -d 'Machine to start on; without it, and without --session, the one agent that is connected' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l session -d 'Session to start on' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l idempotency-key -d 'Starts once, however often the same command is run with this key within 24 hours [default: a fresh one]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l param -d 'What a variable of the workflow stands for; may be given several times' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l params-file -d 'JSON object of variables; --param goes before it, and a value given here doesn\'t show in the list of processes' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l path -d 'Ids of the edges to take where the workflow branches' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l replace -d 'Cancel what runs there'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l watch -d 'Watch it until it is over; the exit code is then that of `lea replay watch`'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l task -d 'What it is for' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l machine -d 'Machine to start on; without it, and without --session, the one agent that is connected' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l session -d 'Session to start on' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l idempotency-key -d 'Starts once, however often the same command is run with this key within 24 hours [default: a fresh one]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l replace -d 'Cancel what runs there'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l watch -d 'Watch it until it is over; the exit code is then that of `lea replay watch`'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from raw" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -l action -d 'The action as JSON; a text to type is better kept in a file, where `ps` doesn\'t show it' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -l machine -d 'Machine to start on; without it, and without --session, the one agent that is connected' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -l session -d 'Session to start on' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -l idempotency-key -d 'Starts once, however often the same command is run with this key within 24 hours [default: a fresh one]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from single" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -l status -d 'Only replays that stand so' -r -f -a "running\t''
paused\t''
stalled\t''
completed\t''
completed_with_warnings\t''
error\t''
cancelled\t''"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -l machine -d 'Only replays of this machine' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -l limit -d 'How many at most' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -l all -d 'All of them, however many'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from show" -l html -d 'Write one page with every attempt, the screens before and after it and what was found on them; readable by its owner alone' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from show" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from show" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from show" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from show" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from show" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from show" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from show" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from watch" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from watch" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from watch" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from watch" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from watch" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from watch" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from watch" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from watch" -l until-stalled -d 'Stop watching when the replay waits for a person, with exit code 1, instead of waiting for the decision'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from watch" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from watch" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from watch" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from cancel" -l reason -d 'Why' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from cancel" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from cancel" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from cancel" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from cancel" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from cancel" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from cancel" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from cancel" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from cancel" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from cancel" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from cancel" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from cancel" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from pause" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from pause" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from pause" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from pause" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from pause" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from pause" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from pause" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from pause" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from pause" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from pause" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from pause" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from resume" -l decision -d 'What to do about the action whose outcome is not known; needed for a stalled replay. Look at the machine\'s screen first' -r -f -a "retry\t'Hand the action out again: it was not carried out'
skip\t'Go on with the next one: it was carried out, or isn\'t needed'
fail\t'End the replay as failed'"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from resume" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from resume" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from resume" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from resume" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from resume" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from resume" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from resume" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from resume" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -l param -d 'What a variable of the workflow stands for; may be given several times' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -l params-file -d 'JSON object of variables; --param goes before it, and a value given here doesn\'t show in the list of processes' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -l path -d 'Ids of the edges to take where the workflow branches' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from expand" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l machine-id -d 'Machine to speak for' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l session -d 'Session to speak in [default: a fresh one, sess_…]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l credentials-file -d 'Where the machine\'s token is kept [default: credentials.json in the data directory, if it is this machine\'s]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l fail-every -d 'Report each N-th action as failed' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l lose-every -d 'Take each N-th action and say nothing of it' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l die-after -d 'End without a word right after taking N actions, as an agent that crashed' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l delay -d 'How long an action takes, milliseconds' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l screens -d 'Folder of pictures (PNG, JPEG) to send as the screen after each action, in the order of their names, again from the first' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l script -d 'JSON list of answers to the first actions, such as [{}, {"fail": true, "error": "no such window"}, {"lose": true}]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l for -d 'End after so long' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l count -d 'End after taking so many actions' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l fast -d 'Don\'t wait where an action is a wait'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l until-idle -d 'End when there was nothing to do for two seconds'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand replay; and __fish_seen_subcommand_from simulate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -l cache -d 'Where the copy is kept [env: LEA_SYNC_CACHE, AGENTKIT_CONFIG_CACHE; default: config_cache.db in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -f -a "pull" -d 'Ask the server once, and replace the copy by what it serves'
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -f -a "watch" -d 'Keep the copy up to date until a signal or Ctrl-C'
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -f -a "show" -d 'Show what is at hand: from the server where it answers, else from the copy'
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -f -a "get" -d 'Print one skill or workflow as JSON'
complete -c lea -n "__fish_lea_using_subcommand sync; and not __fish_seen_subcommand_from pull watch show get diff" -f -a "diff" -d 'Show what differs between the copy and the server, and change nothing'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -l cache -d 'Where the copy is kept [env: LEA_SYNC_CACHE, AGENTKIT_CONFIG_CACHE; default: config_cache.db in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -l allow-older -d 'Take a snapshot that is older than one this server gave before'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from pull" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l interval -d 'How often to ask [env: LEA_SYNC_INTERVAL_SECONDS; default: 300]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l on-change -d 'Command to run after a change' -r -f -a "(__fish_complete_command)"
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l on-change-limit -d 'How long that command may take; then it is ended' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l cache -d 'Where the copy is kept [env: LEA_SYNC_CACHE, AGENTKIT_CONFIG_CACHE; default: config_cache.db in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l allow-older -d 'Take a snapshot that is older than one this server gave before'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -l max-age -d 'The longest time since a server confirmed what is shown, such as 90m, 24h or 7d' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -l cache -d 'Where the copy is kept [env: LEA_SYNC_CACHE, AGENTKIT_CONFIG_CACHE; default: config_cache.db in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -l offline -d 'Ask no server'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -l max-age -d 'The longest time since a server confirmed it, such as 90m, 24h or 7d' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -l cache -d 'Where the copy is kept [env: LEA_SYNC_CACHE, AGENTKIT_CONFIG_CACHE; default: config_cache.db in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -l offline -d 'Ask no server'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -l cache -d 'Where the copy is kept [env: LEA_SYNC_CACHE, AGENTKIT_CONFIG_CACHE; default: config_cache.db in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -l exit-code -d 'Make the exit code 1 when something differs'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand sync; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand resolve" -l anchor -d 'A picture of the target, PNG or JPEG; transparent pixels match anything. More than one: each is looked for' -r -F
complete -c lea -n "__fish_lea_using_subcommand resolve" -l spec -d 'A target_spec as JSON, its picture in anchor_image_base64. More than one: each is looked for' -r -F
complete -c lea -n "__fish_lea_using_subcommand resolve" -l text -d 'What the target says; with --anchor or --spec the two must agree on the place. Takes Tesseract, see lea doctor' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l role -d 'What kind of element it is: button, link, field, checkbox, radio, "menu item", tab, cell, icon or text' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l near -d 'Of several, the one that is clearly nearest to this text' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l row -d 'Of several, the one in the row that holds this text' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l index -d 'Of several that match by text or role, the one of this number in reading order, from 1' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l elements -d 'Look for text and role among the elements that another program saw: a JSON list of {label, type, role, center, box}, or what lea elements --json printed' -r -F
complete -c lea -n "__fish_lea_using_subcommand resolve" -l region -d 'Search this part of the screenshot only, in pixels' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l expect -d 'Where the target\'s centre was when it was recorded, in pixels; chooses among places that are alike' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l threshold -d 'Score from which a place counts, 0 to 1 [env: LEA_RESOLVE_THRESHOLD; default: 0.50]' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l scales -d 'Sizes of the target to try, the likely one first [default: 1 and all quotients of 100, 110, 125, 150, 175 and 200 % from 0.5 to 2]' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l anchor-scale -d 'Display scale at which the target was recorded, 1.25 for 125 %; only what desktops show it at is tried then' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l display-scale -d 'Display scale of the screenshot; with that of the target it says which size is tried first' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l click -d 'Where in the target to click, from its centre to the right and down, in its own pixels' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l origin -d 'Where on the desktop the screenshot begins, in pixels; negative for a monitor to the left or above' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l annotate -d 'Draw what was searched and found on a copy of the screenshot' -r -F
complete -c lea -n "__fish_lea_using_subcommand resolve" -l corpus -d 'Answer every case of this folder\'s truth.json, and tell how many are right, refused and wrong' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand resolve" -l html -d 'Write a page that shows each wrong or refused case as a picture' -r -F
complete -c lea -n "__fish_lea_using_subcommand resolve" -l baseline -d 'Compare with an earlier run, printed by --json; the exit code is 1 if anything got worse' -r -F
complete -c lea -n "__fish_lea_using_subcommand resolve" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand resolve" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand resolve" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand resolve" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand resolve" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand resolve" -l no-cache -d 'Read the screenshot anew, and keep nothing of what is read'
complete -c lea -n "__fish_lea_using_subcommand resolve" -l all -d 'Print every place that matches by itself, none over another; 0 is the exit code if there is one'
complete -c lea -n "__fish_lea_using_subcommand resolve" -l exact -d 'Prove at each size that no place has a higher correlation than the best that is told; slower'
complete -c lea -n "__fish_lea_using_subcommand resolve" -l compat -d 'Answer by the older servers\' rule: seven sizes, the first score of 0.95, else the best from 0.7 on. To compare with, not to click by'
complete -c lea -n "__fish_lea_using_subcommand resolve" -l explain -d 'Print every place that was considered, and what spoke for and against it'
complete -c lea -n "__fish_lea_using_subcommand resolve" -l with-expected -d 'Give the place where each anchor was cut out as its expected position'
complete -c lea -n "__fish_lea_using_subcommand resolve" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand resolve" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand resolve" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand resolve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand elements" -l role -d 'List these alone: button, link, field, checkbox, radio, "menu item", tab, cell, icon or text' -r
complete -c lea -n "__fish_lea_using_subcommand elements" -l annotate -d 'Draw them on a copy of the screenshot, each with its number and role' -r -F
complete -c lea -n "__fish_lea_using_subcommand elements" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand elements" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand elements" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand elements" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand elements" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand elements" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand elements" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand elements" -l no-cache -d 'Read the screenshot anew, and keep nothing of what is read'
complete -c lea -n "__fish_lea_using_subcommand elements" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand elements" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand elements" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand elements" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand anchor; and not __fish_seen_subcommand_from check" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand anchor; and not __fish_seen_subcommand_from check" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand anchor; and not __fish_seen_subcommand_from check" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand anchor; and not __fish_seen_subcommand_from check" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand anchor; and not __fish_seen_subcommand_from check" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand anchor; and not __fish_seen_subcommand_from check" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand anchor; and not __fish_seen_subcommand_from check" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand anchor; and not __fish_seen_subcommand_from check" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand anchor; and not __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand anchor; and not __fish_seen_subcommand_from check" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand anchor; and not __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand anchor; and not __fish_seen_subcommand_from check" -f -a "check" -d 'Say whether anchors are fit to find their targets by, and propose a larger crop where one is not unique'
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -l screen -d 'Screenshots that show the target; the one that an anchor was cut out of should be among them' -r -F
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -l absent -d 'Screenshots that do not show the target: an anchor that is found there is not fit' -r -F
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -l expect -d 'Where the target\'s centre was, in pixels; a larger crop is proposed for the place nearest to it' -r
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -l threshold -d 'Score from which a place counts, 0 to 1 [env: LEA_RESOLVE_THRESHOLD; default: 0.50]' -r
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand anchor; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand compare" -l at -d 'Where the action was, in pixels; tells a change there from one elsewhere' -r
complete -c lea -n "__fish_lea_using_subcommand compare" -l annotate -d 'Draw what changed on a copy of the second screenshot' -r -F
complete -c lea -n "__fish_lea_using_subcommand compare" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand compare" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand compare" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand compare" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand compare" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand compare" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand compare" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand compare" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand compare" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand compare" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand compare" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "check" -d 'Ask whether there is an update for this machine'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "stage" -d 'Fetch an update, verify it, and put it beside the live files, which stay as they are'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "verify" -d 'Check an update ZIP: its hash, its signature, and all that is in it'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "keygen" -d 'Make a pair of keys that sign updates'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "sign" -d 'Sign an update ZIP'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "publish" -d 'Publish an update ZIP'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "list" -d 'List the releases, newest first'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "rollout" -d 'Offer a version to this part of the fleet'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "pause" -d 'Offer a version to nobody for now'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "resume" -d 'Offer a paused version again'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "withdraw" -d 'Withdraw a version for ever: who was told refuses it from then on'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "explain" -d 'Say why a machine is or isn\'t offered a release'
complete -c lea -n "__fish_lea_using_subcommand update; and not __fish_seen_subcommand_from check stage verify keygen sign publish list rollout pause resume withdraw explain status" -f -a "status" -d 'Show which versions the fleet runs, and how far each rollout is'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l current -d 'Version that runs on this machine' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l response -d 'Take this server\'s answer, a JSON file, instead of asking' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l machine-id -d 'Machine that asks; its own token says so by itself' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l prereleases -d 'Take pre-releases too'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l even-if-disabled -d 'Ask although updates are switched off on this machine'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l exit-code -d 'Exit with 1 when there is no update'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l current -d 'Version that runs on this machine' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l response -d 'Take this server\'s answer, a JSON file, instead of asking' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l machine-id -d 'Machine that asks; its own token says so by itself' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l plan -d 'Take this plan, as `lea update check --json` printed it, instead of asking' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l file -d 'Take this ZIP instead of fetching it' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l version -d 'Version of the ZIP, where no plan says it' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l type -d 'What the ZIP replaces, code-only or full, where no plan says it' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l signature -d 'Signature of the ZIP, where no plan has it [default: ZIP.minisig if that is there]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l sha256 -d 'SHA-256 that it must have; counts before the plan\'s' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l staging -d 'Folder that it is staged in [default: staging in the data directory]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l installed -d 'Folder of the live files, to say what would change; it is only looked at' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l public-key -d 'Public key whose signature counts, or a file that holds it; repeatable. With any, the update must be signed' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l keep -d 'How many staged ZIPs are kept, the new one among them' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l prereleases -d 'Take pre-releases too'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l even-if-disabled -d 'Ask although updates are switched off on this machine'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from stage" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l sha256 -d 'SHA-256 that it must have, 64 hexadecimal digits' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l manifest -d 'JSON file that says version, type, size and hash, perhaps the signature too' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l public-key -d 'Public key whose signature counts, or a file that holds it; repeatable. With any, the ZIP must be signed' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l signature -d 'Its signature [default: the manifest\'s, else ZIP.minisig if that is there]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l type -d 'What it replaces, code-only or full [default: what manifest or signature say]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l sha256sums -d 'Check every ZIP that this list of sha256sum names, beside the list' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -s o -l output -d 'Name of the files: NAME.key is the secret one, NAME.pub the public one' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -l password-file -d 'Encrypt the secret key with the password that this file holds' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from keygen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -l version -d 'Its version' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -l type -d 'What it replaces: code-only or full' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -l secret-key -d 'Secret key, as `lea update keygen` or minisign wrote it' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -l password-file -d 'File with the password of the secret key' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -s o -l output -d 'Where to write the signature [default: ZIP.minisig]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l version -d 'Its version' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l type -d 'What it replaces: code-only or full' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l rollout -d 'Which part of the fleet it is offered to' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l min-version -d 'Oldest version that it may be applied to' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l notes -d 'What people should know of it' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l signature -d 'Its signature [default: ZIP.minisig if that is there]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from publish" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from list" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from list" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from list" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from list" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from list" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from list" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from list" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from rollout" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from rollout" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from rollout" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from rollout" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from rollout" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from rollout" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from rollout" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from rollout" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from rollout" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from rollout" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from rollout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from pause" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from pause" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from pause" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from pause" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from pause" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from pause" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from pause" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from pause" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from pause" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from pause" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from pause" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from resume" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from resume" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from resume" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from resume" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from resume" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from resume" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from resume" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from resume" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from withdraw" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from withdraw" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from withdraw" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from withdraw" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from withdraw" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from withdraw" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from withdraw" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from withdraw" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from withdraw" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from withdraw" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from withdraw" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -l machine-id -d 'The machine' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -l current -d 'Version that it runs [default: what the fleet knows of it]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -l prereleases -d 'As if it took pre-releases'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from status" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from status" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from status" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from status" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from status" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from status" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from status" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from status" -l machines -d 'List each machine with its version and what it is offered'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from status" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand update; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -f -a "slugify" -d 'Print the slugs of names, one a line'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -f -a "scan" -d 'Look for personal data in JSON, YAML or text, offline'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -f -a "lint" -d 'Say what a careful reviewer would say about documents, offline'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -f -a "persist" -d 'Check a competence and store it as a candidate'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -f -a "list" -d 'List the competences'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -f -a "show" -d 'Show a competence, its steps readably'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -f -a "promote" -d 'Move a competence up, if it has what its document asks for'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -f -a "demote" -d 'Move a competence down'
complete -c lea -n "__fish_lea_using_subcommand competence; and not __fish_seen_subcommand_from slugify scan lint persist list show promote demote audit" -f -a "audit" -d 'Read the audit, and prove that it is whole'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from slugify" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from slugify" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from slugify" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from slugify" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from slugify" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from slugify" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from slugify" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from slugify" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from slugify" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from slugify" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from slugify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -l baseline -d 'What an earlier run printed under --json: findings in it are accepted' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -l reveal -d 'Show what was found, too; never where others read along'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from scan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from lint" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from lint" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from lint" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from lint" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from lint" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from lint" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from lint" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from lint" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from lint" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from lint" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from persist" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from persist" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from persist" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from persist" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from persist" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from persist" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from persist" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from persist" -l dry-run -d 'Only check it, and print the YAML that would be written'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from persist" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from persist" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from persist" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from persist" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from list" -l state -d 'Only those in this state' -r -f -a "candidate\t'Learned, and not tried'
supervised\t'Replayed once, and looked at by a person'
stable\t'Proven in several places'"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from list" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from list" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from list" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from list" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from list" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from list" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from list" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from show" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from show" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from show" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from show" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from show" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from show" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from show" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -l to -d 'The state that it is to have' -r -f -a "candidate\t'Learned, and not tried'
supervised\t'Replayed once, and looked at by a person'
stable\t'Proven in several places'"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -l by -d 'Who says so, for the history and the audit' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -l reason -d 'Why' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -l replay -d 'A replay that ended as completed, where the document asks for one and notes none itself' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from promote" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -l to -d 'The state that it is to have' -r -f -a "candidate\t'Learned, and not tried'
supervised\t'Replayed once, and looked at by a person'
stable\t'Proven in several places'"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -l by -d 'Who says so, for the history and the audit' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -l reason -d 'Why' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -l replay -d 'A replay that ended as completed, where the document asks for one and notes none itself' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from demote" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -f -a "list" -d 'List entries, oldest first'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -f -a "find" -d 'Show the entry of a persist_id, or of a number'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -f -a "verify" -d 'Prove that no line was changed, left out, put in or moved'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -f -a "adopt" -d 'Take in lines that the database does not know, after it was restored from an older backup'
complete -c lea -n "__fish_lea_using_subcommand competence; and __fish_seen_subcommand_from audit" -f -a "export" -d 'Write entries as JSON, one a line'
complete -c lea -n "__fish_lea_using_subcommand doctor" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand doctor" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand doctor" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand doctor" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand doctor" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand doctor" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand doctor" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand doctor" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand doctor" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand doctor" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -f -a "show" -d 'Print each setting\'s value and where it came from, secrets masked'
complete -c lea -n "__fish_lea_using_subcommand config; and not __fish_seen_subcommand_from show path" -f -a "path" -d 'Print the settings file that is read, and whether it is there'
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from show" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from show" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from show" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from show" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from show" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from path" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from path" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from path" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from path" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from path" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from path" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand completions" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand completions" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand completions" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand completions" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand completions" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand completions" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand completions" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand completions" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand completions" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand completions" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand man" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand man" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand man" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand man" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand man" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand man" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand man" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand man" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand man" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand man" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
