
use builtin;
use str;

set edit:completion:arg-completer[lea] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'lea'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'lea'= {
            cand --server 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]'
            cand --token-file 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]'
            cand --data-dir 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]'
            cand --config 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]'
            cand --ca-cert 'Certificate authority to trust besides the system''s, PEM [env: LEA_CA_CERT]'
            cand --timeout 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]'
            cand --color 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]'
            cand --json 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
            cand -v 'Say more; twice for details'
            cand --verbose 'Say more; twice for details'
            cand -q 'Say nothing but errors'
            cand --quiet 'Say nothing but errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand serve 'Run the server'
            cand enroll 'Enroll this machine'
            cand fleet 'Look after the machines: list, show, uninstall, tokens, keys'
            cand resolve 'Find a target on a screenshot, offline'
            cand doctor 'Check what usually goes wrong, and say how to mend it'
            cand config 'Show the settings in force and where each came from'
            cand completions 'Print a completion script for a shell'
            cand man 'Write the man pages into a folder'
        }
        &'lea;serve'= {
            cand --server 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]'
            cand --token-file 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]'
            cand --data-dir 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]'
            cand --config 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]'
            cand --ca-cert 'Certificate authority to trust besides the system''s, PEM [env: LEA_CA_CERT]'
            cand --timeout 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]'
            cand --color 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]'
            cand --json 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
            cand -v 'Say more; twice for details'
            cand --verbose 'Say more; twice for details'
            cand -q 'Say nothing but errors'
            cand --quiet 'Say nothing but errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lea;enroll'= {
            cand --server 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]'
            cand --token-file 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]'
            cand --data-dir 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]'
            cand --config 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]'
            cand --ca-cert 'Certificate authority to trust besides the system''s, PEM [env: LEA_CA_CERT]'
            cand --timeout 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]'
            cand --color 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]'
            cand --json 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
            cand -v 'Say more; twice for details'
            cand --verbose 'Say more; twice for details'
            cand -q 'Say nothing but errors'
            cand --quiet 'Say nothing but errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lea;fleet'= {
            cand --server 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]'
            cand --token-file 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]'
            cand --data-dir 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]'
            cand --config 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]'
            cand --ca-cert 'Certificate authority to trust besides the system''s, PEM [env: LEA_CA_CERT]'
            cand --timeout 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]'
            cand --color 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]'
            cand --json 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
            cand -v 'Say more; twice for details'
            cand --verbose 'Say more; twice for details'
            cand -q 'Say nothing but errors'
            cand --quiet 'Say nothing but errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lea;resolve'= {
            cand --server 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]'
            cand --token-file 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]'
            cand --data-dir 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]'
            cand --config 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]'
            cand --ca-cert 'Certificate authority to trust besides the system''s, PEM [env: LEA_CA_CERT]'
            cand --timeout 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]'
            cand --color 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]'
            cand --json 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
            cand -v 'Say more; twice for details'
            cand --verbose 'Say more; twice for details'
            cand -q 'Say nothing but errors'
            cand --quiet 'Say nothing but errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lea;doctor'= {
            cand --server 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]'
            cand --token-file 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]'
            cand --data-dir 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]'
            cand --config 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]'
            cand --ca-cert 'Certificate authority to trust besides the system''s, PEM [env: LEA_CA_CERT]'
            cand --timeout 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]'
            cand --color 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]'
            cand --json 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
            cand -v 'Say more; twice for details'
            cand --verbose 'Say more; twice for details'
            cand -q 'Say nothing but errors'
            cand --quiet 'Say nothing but errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lea;config'= {
            cand --server 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]'
            cand --token-file 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]'
            cand --data-dir 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]'
            cand --config 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]'
            cand --ca-cert 'Certificate authority to trust besides the system''s, PEM [env: LEA_CA_CERT]'
            cand --timeout 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]'
            cand --color 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]'
            cand --json 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
            cand -v 'Say more; twice for details'
            cand --verbose 'Say more; twice for details'
            cand -q 'Say nothing but errors'
            cand --quiet 'Say nothing but errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Print each setting''s value and where it came from, secrets masked'
            cand path 'Print the settings file that is read, and whether it is there'
        }
        &'lea;config;show'= {
            cand --server 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]'
            cand --token-file 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]'
            cand --data-dir 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]'
            cand --config 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]'
            cand --ca-cert 'Certificate authority to trust besides the system''s, PEM [env: LEA_CA_CERT]'
            cand --timeout 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]'
            cand --color 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]'
            cand --json 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
            cand -v 'Say more; twice for details'
            cand --verbose 'Say more; twice for details'
            cand -q 'Say nothing but errors'
            cand --quiet 'Say nothing but errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lea;config;path'= {
            cand --server 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]'
            cand --token-file 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]'
            cand --data-dir 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]'
            cand --config 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]'
            cand --ca-cert 'Certificate authority to trust besides the system''s, PEM [env: LEA_CA_CERT]'
            cand --timeout 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]'
            cand --color 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]'
            cand --json 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
            cand -v 'Say more; twice for details'
            cand --verbose 'Say more; twice for details'
            cand -q 'Say nothing but errors'
            cand --quiet 'Say nothing but errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lea;completions'= {
            cand --server 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]'
            cand --token-file 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]'
            cand --data-dir 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]'
            cand --config 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]'
            cand --ca-cert 'Certificate authority to trust besides the system''s, PEM [env: LEA_CA_CERT]'
            cand --timeout 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]'
            cand --color 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]'
            cand --json 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
            cand -v 'Say more; twice for details'
            cand --verbose 'Say more; twice for details'
            cand -q 'Say nothing but errors'
            cand --quiet 'Say nothing but errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'lea;man'= {
            cand --server 'Address of the server, such as https://lea.example.org [env: LEA_SERVER]'
            cand --token-file 'File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]'
            cand --data-dir 'Folder of the database, the token and the credentials [env: LEA_DATA_DIR]'
            cand --config 'Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]'
            cand --ca-cert 'Certificate authority to trust besides the system''s, PEM [env: LEA_CA_CERT]'
            cand --timeout 'How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]'
            cand --color 'When to use colour; NO_COLOR is honoured [env: LEA_COLOR]'
            cand --json 'Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]'
            cand -v 'Say more; twice for details'
            cand --verbose 'Say more; twice for details'
            cand -q 'Say nothing but errors'
            cand --quiet 'Say nothing but errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
