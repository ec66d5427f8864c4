-- 成年被後見人転出通知 (STD 9.4) joins the kinds of paper; papers without number are not among them.
alter table register.certificate_application
    drop constraint certificate_application_kind_check,
    add constraint certificate_application_kind_check check (kind in (
        'household_copy', 'individual_copy', 'removed_copy', 'entries', 'removed_entries', 'move_out',
        'move_out_equivalent', 'code_notice', 'code_change_notice', 'code_correction_notice', 'inspection',
        'acceptance_notice', 'head_change_notice', 'head_change_request', 'ex_officio_notice', 'ex_officio_record',
        'arrival_inquiry', 'ward_notice'
    ));
