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
complete -c lea -n "__fish_lea_needs_command" -f -a "resolve" -d 'Find a target on a screenshot, offline'
complete -c lea -n "__fish_lea_needs_command" -f -a "doctor" -d 'Check what usually goes wrong, and say how to mend it'
complete -c lea -n "__fish_lea_needs_command" -f -a "config" -d 'Show the settings in force and where each came from'
complete -c lea -n "__fish_lea_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c lea -n "__fish_lea_needs_command" -f -a "man" -d 'Write the man pages into a folder'
complete -c lea -n "__fish_lea_using_subcommand serve" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand serve" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand serve" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand serve" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand serve" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand serve" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand serve" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand serve" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand serve" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand serve" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand enroll" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand enroll" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand enroll" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand enroll" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand enroll" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand enroll" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand enroll" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand enroll" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand enroll" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand enroll" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand enroll" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand fleet" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand fleet" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand fleet" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand fleet" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand fleet" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand fleet" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand fleet" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand fleet" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c lea -n "__fish_lea_using_subcommand resolve" -l server -d 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l token-file -d 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]' -r -F
complete -c lea -n "__fish_lea_using_subcommand resolve" -l data-dir -d 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]' -r -f -a "(__fish_complete_directories)"
complete -c lea -n "__fish_lea_using_subcommand resolve" -l config -d 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]' -r -F
complete -c lea -n "__fish_lea_using_subcommand resolve" -l ca-cert -d 'Certificate authority to trust besides the system\'s, PEM [env: LEA_CA_CERT]' -r -F
complete -c lea -n "__fish_lea_using_subcommand resolve" -l timeout -d 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]' -r
complete -c lea -n "__fish_lea_using_subcommand resolve" -l color -d 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c lea -n "__fish_lea_using_subcommand resolve" -l json -d 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
complete -c lea -n "__fish_lea_using_subcommand resolve" -s v -l verbose -d 'Say more; twice for details'
complete -c lea -n "__fish_lea_using_subcommand resolve" -s q -l quiet -d 'Say nothing but errors'
complete -c lea -n "__fish_lea_using_subcommand resolve" -s h -l help -d 'Print help (see more with \'--help\')'
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
